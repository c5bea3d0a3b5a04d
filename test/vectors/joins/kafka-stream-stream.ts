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
  const run = new StreamStreamRun(join);
  const separator = join.project.includes('"-"') ? "-" : "+";
  for (const [index, step] of steps.entries()) {
    const actual = step.input.flatMap((record) => run.take(record).map((row) => resultOf(row, separator)));
    const problem = step.expected === null ? null : multisetProblem(`step ${index + 1}`, actual, step.expected);
    if (problem !== null) return problem;
  }
  return null;
}

/** A stream-stream join on the interval join that means the same, record by record. */
export class StreamStreamRun {
  readonly #join: StreamStreamVector["join"];
  readonly #harness: OperatorHarness;
  /** By side: the latest time of its records. */
  readonly #latest = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];

  constructor(join: StreamStreamVector["join"]) {
    this.#join = join;
    this.#harness = intervalHarness(join);
  }

  /** What comes of a record, which is one of both sides where a stream is joined with itself. */
  take(record: KafkaRecord): readonly EmittedRow[] {
    const inputs = this.#join.selfJoin ? [0, 1] : [sideIndex(record.side)];
    return inputs.flatMap((input) => (this.#join.mode === "inner" ? this.#takeInner(input, record) : this.#takeOuter(input, record)));
  }

  #takeInner(input: number, record: KafkaRecord): readonly EmittedRow[] {
    if (record.key === null || record.value === null) return [];
    this.#observe(input, record.ts);
    this.#send(input, record);
    return this.#harness.take().filter((pair) => this.#isHeld(input, pair));
  }

  #takeOuter(input: number, record: KafkaRecord): readonly EmittedRow[] {
    this.#advance(input, record);
    // Records without a value are dropped.
    if (record.value !== null) this.#send(input, record);
    return this.#harness.take();
  }

  #send(input: number, record: KafkaRecord): void {
    this.#harness.send([{ ...record, value: String(record.value) }], input);
  }

  /**
   * Outer joins say that there is no partner by stream time, which is the latest time of both sides, those without a key or
   * a value too: while a record that can be joined has that time.
   */
  #advance(input: number, { key, value, ts }: KafkaRecord): void {
    this.#observe(input, ts);
    const streamTime = Math.max(...this.#latest);
    if (key !== null && value !== null && ts === streamTime) this.#harness.watermark(streamTime - this.#join.graceMs - 1);
  }

  #observe(side: number, ts: number): void {
    this.#latest[side] = Math.max(this.#latest[side], ts);
  }

  /**
   * Inner joins take whatever is held of the other side, and each side holds its records for an interval and the grace by
   * its own time, whatever the other's is.
   */
  #isHeld(input: number, { fields }: EmittedRow): boolean {
    const { beforeMs, afterMs, graceMs } = this.#join;
    const otherTs = Number(input === 0 ? fields.right_ts : fields.ts);
    return otherTs > this.#latest[1 - input] - beforeMs - afterMs - graceMs;
  }
}

/** The interval join that a stream-stream join is. */
function intervalHarness({ mode, beforeMs, afterMs, eagerOuterNulls }: StreamStreamVector["join"]): OperatorHarness {
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
      // Kafka Streams knows no late records: it joins them with what is left of the others.
      latenessMs: 86_400_000,
    },
    [records, records],
  );
}

/** A row as vectors write it. */
export function resultOf({ fields, timeMs }: EmittedRow, separator: string): HarnessRecord {
  const { key, value, right_key, right_value } = fields;
  return { key: key ?? right_key, value: `${value}${separator}${right_value}`, ts: timeMs };
}
