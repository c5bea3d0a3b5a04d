import { RowKind } from "@millrace/engine";
import { compiledHarness, handDriven, type OperatorHarness, streamOf } from "@millrace/engine/testing";
import { multisetProblem, type Vector } from "../suite.ts";
import type { KafkaStep } from "./kafka-stream-stream.ts";
import { sideIndex } from "./side-steps.ts";

export interface StreamTableVector extends Vector {
  readonly join: {
    readonly type: "streamTable";
    readonly mode: "inner" | "left";
    readonly tableRight: "latest" | "versioned";
    /** How far back the versions of the table reach. */
    readonly historyRetentionMs?: number;
    readonly graceMs?: number;
  };
  readonly steps: readonly KafkaStep[];
}

const records = streamOf({ key: { kind: "bigint" }, value: { kind: "string" }, ts: { kind: "timestamp" } }, "ts");

/** The newest row is the snapshot join, the valid version the as-of join. */
export function checkStreamTable(vector: StreamTableVector): string | null {
  const { join, steps } = vector;
  const harness = join.tableRight === "latest" ? snapshotHarness(join.mode) : temporalHarness(join);
  let streamTime = Number.NEGATIVE_INFINITY;
  for (const [index, step] of steps.entries()) {
    for (const { side, key, value, ts } of step.input) {
      // Records of the stream without a value are dropped before they count; in the table they delete.
      if (side === "left" && value === null) continue;
      const kind = value === null ? RowKind.delete : RowKind.insert;
      harness.send([{ key, value: value === null ? null : String(value), ts, kind }], sideIndex(side));
      if (side === "left") streamTime = Math.max(streamTime, ts);
      if (join.tableRight === "versioned") harness.watermark(streamTime - (join.graceMs ?? 0));
    }
    const actual = harness
      .take()
      .map(({ fields, timeMs }) => ({ key: fields.key, value: `${fields.value}-${fields.right_value}`, ts: timeMs }));
    const problem = step.expected === null ? null : multisetProblem(`step ${index + 1}`, actual, step.expected);
    if (problem !== null) return problem;
  }
  return null;
}

const sides = { left: handDriven, right: handDriven, on: [{ left: "key", right: "key" }], rightPrefix: "right_" };
const byKind = { kindOf: (record: Readonly<Record<string, unknown>>) => Number(record.kind) };

function snapshotHarness(kind: "inner" | "left"): OperatorHarness {
  const loading = { loadUntilMs: null, idleMs: null, maxBufferedRecords: 0 };
  const harness = compiledHarness({ op: "snapshot-join", kind, ...sides, ...loading }, [records, records], byKind);
  // The table is empty at the start, and loaded so.
  harness.inputWatermark(1, Number.POSITIVE_INFINITY);
  return harness;
}

function temporalHarness({ mode, historyRetentionMs = 0 }: StreamTableVector["join"]): OperatorHarness {
  const operator = { op: "temporal-join", kind: mode, ...sides, latenessMs: historyRetentionMs } as const;
  return compiledHarness(operator, [records, records], byKind);
}
