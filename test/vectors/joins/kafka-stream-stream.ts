import { compiledHarness, type EmittedRow, type HarnessRecord, handDriven, type OperatorHarness, streamOf } from "@millrace/engine/testing";
import { multisetProblem, type Vector } from "../suite.ts";
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

/** Runs a vector of a stream-stream join of Kafka Streams, which knows stream time instead of watermarks, step by step. */
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
export function intervalHarness({ mode, beforeMs, afterMs, eagerOuterNulls }: StreamStreamVector["join"]): OperatorHarness {
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
      unmatched: eagerOuterNulls ? "at-once" : "closed",
      // Kafka Streams keeps records for the whole window and joins late ones with what is left of them.
      latenessMs: mode === "inner" ? 0 : 86_400_000,
    },
    [records, records],
  );
}

/** A row as vectors write it. */
export function resultOf({ fields, timeMs }: EmittedRow, separator: string): HarnessRecord {
  const { key, value, right_key, right_value } = fields;
  return { key: key ?? right_key, value: `${value}${separator}${right_value}`, ts: timeMs };
}
