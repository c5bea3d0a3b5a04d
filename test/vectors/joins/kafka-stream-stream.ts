import { compiledHarness, type EmittedRow, type HarnessRecord, handDriven, type OperatorHarness, streamOf } from "@millrace/engine/testing";
import { type DifferenceRule, multisetProblem, type Vector, type VectorSuite } from "../suite.ts";
import { sideIndex } from "./side-steps.ts";

export interface KafkaRecord {
  readonly side: "left" | "right";
  readonly key: number | null;
  readonly value: string | number | null;
  readonly ts: number;
}

export interface KafkaResult {
  readonly key: number | null;
  /** null: the row is deleted. */
  readonly value: string | null;
  readonly ts: number;
}

export interface KafkaStep {
  readonly input: readonly KafkaRecord[];
  /** null: not asserted. */
  readonly expected: readonly KafkaResult[] | null;
}

export interface StreamStreamVector extends Vector {
  readonly join: {
    readonly type: "streamStream";
    readonly mode: "inner" | "left" | "outer";
    readonly selfJoin: boolean;
    readonly beforeMs: number;
    readonly afterMs: number;
    readonly graceMs: number;
    readonly eagerOuterNulls: boolean;
    readonly project: string;
  };
  readonly steps: readonly KafkaStep[];
}

const records = streamOf({ key: { kind: "bigint" }, value: { kind: "string" }, ts: { kind: "timestamp" } }, "ts");

export const streamStreamDifferences: readonly DifferenceRule<StreamStreamVector>[] = [
  {
    name: "no partner is said once, when none can come",
    why: "unmatched records never come out before their interval has passed, to be contradicted by a pair; the pairs agree",
    applies: ({ join }) => join.eagerOuterNulls,
    agreed: (vector) => ({
      ...vector,
      join: { ...vector.join, mode: "inner", eagerOuterNulls: false },
      steps: vector.steps.map((step) => ({ ...step, expected: step.expected?.filter((row) => !isPadded(row)) ?? null })),
    }),
  },
  {
    name: "late records join nothing",
    why: "a record older than stream time less grace goes to the late port; Kafka Streams still joins it with what it happens to hold. Up to there both agree",
    applies: (vector) => vector.join.mode !== "inner" && firstLateStep(vector) < vector.steps.length,
    agreed: (vector) => ({ ...vector, steps: vector.steps.slice(0, firstLateStep(vector)) }),
  },
];

/** Stream-stream joins of Kafka Streams, which knows stream time instead of watermarks. */
export const kafkaStreamStream: VectorSuite<StreamStreamVector> = {
  file: "kafka_stream_stream.json",
  differences: streamStreamDifferences,
  check: checkStreamStream,
};

/** Runs a vector step by step. */
export function checkStreamStream({ join, steps }: StreamStreamVector): string | null {
  const harness = intervalHarness(join);
  const advance = join.mode === "inner" ? storeTime(harness, join) : streamTime(harness, join);
  const separator = join.project.includes('"-"') ? "-" : "+";
  for (const [index, step] of steps.entries()) {
    for (const record of step.input) {
      // Records without a value are dropped before they count.
      if (record.value === null) continue;
      const row = { ...record, value: String(record.value) };
      const inputs = join.selfJoin ? [0, 1] : [sideIndex(record.side)];
      for (const input of inputs) advance(input, record.ts);
      for (const input of inputs) harness.send([row], input);
    }
    const actual = harness.take().map((row) => resultOf(row, separator));
    const problem = step.expected === null ? null : multisetProblem(`step ${index + 1}`, actual, step.expected);
    if (problem !== null) return problem;
  }
  return null;
}

/** Outer joins say that there is no partner by stream time, which is the latest time of both sides. */
function streamTime(harness: OperatorHarness, { graceMs }: StreamStreamVector["join"]) {
  let latest = Number.NEGATIVE_INFINITY;
  return (_input: number, ts: number): void => {
    latest = Math.max(latest, ts);
    harness.watermark(latest - graceMs - 1);
  };
}

/** Inner joins take whatever they still hold, and each side holds its records for an interval and the grace of its own time. */
function storeTime(harness: OperatorHarness, { beforeMs, afterMs, graceMs }: StreamStreamVector["join"]) {
  return (input: number, ts: number): void => harness.inputWatermark(input, ts - beforeMs - afterMs - graceMs - 1);
}

/** The interval join that a stream-stream join is. */
export function intervalHarness({ mode, beforeMs, afterMs }: StreamStreamVector["join"]): OperatorHarness {
  return compiledHarness(
    {
      op: "interval-join",
      kind: mode === "outer" ? "full" : mode,
      left: handDriven,
      right: handDriven,
      on: [{ left: "key", right: "key" }],
      lowerMs: 0 - beforeMs,
      upperMs: afterMs,
      rightPrefix: "right_",
    },
    [records, records],
  );
}

/** A row as vectors write it. */
export function resultOf({ fields, timeMs }: EmittedRow, separator: string): HarnessRecord {
  const { key, value, right_key, right_value } = fields;
  return { key: key ?? right_key, value: `${value}${separator}${right_value}`, ts: timeMs };
}

function isPadded({ value }: KafkaResult): boolean {
  return value !== null && /^null[-+]|[-+]null$/.test(value);
}

/** The first step with a record that is too late; the number of steps when there is none. */
function firstLateStep({ join, steps }: StreamStreamVector): number {
  let streamTime = Number.NEGATIVE_INFINITY;
  for (const [index, { input }] of steps.entries()) {
    for (const { ts } of input) {
      streamTime = Math.max(streamTime, ts);
      if (ts < streamTime - join.graceMs) return index;
    }
  }
  return steps.length;
}
