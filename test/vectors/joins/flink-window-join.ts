import type { TumblingWindow } from "@millrace/engine";
import { compiledHarness, fieldOf, type HarnessRecord, handDriven, type OperatorHarness, streamOf } from "@millrace/engine/testing";
import { joinType, multisetProblem, type Vector, type VectorSuite } from "../suite.ts";
import { type VectorWindow, windowSpec } from "../windows/window-run.ts";

interface TimedRecord {
  readonly record: { readonly string: string | null; readonly name: string | null };
  readonly ts: number;
}

interface WindowJoinVector extends Vector {
  readonly join: {
    readonly mode: "inner" | "left" | "right" | "full" | "semi" | "anti";
    readonly window: Exclude<VectorWindow, { readonly kind: "count" }>;
    readonly nullKeysMatch: boolean;
    readonly notInSemantics?: string;
  };
  /** null: none before the end. */
  readonly watermark: { readonly delayMs: number } | null;
  readonly left: readonly TimedRecord[];
  readonly right: readonly TimedRecord[];
  readonly expected: readonly Readonly<Record<string, unknown>>[];
}

type Side = "left" | "right";

const noWatermark = Number.NEGATIVE_INFINITY;

const records = streamOf({ string: { kind: "string" }, name: { kind: "string" } });

/** Window joins of Flink SQL: each side aggregated in windows, then joined window by window. */
export const flinkWindowJoin: VectorSuite<WindowJoinVector> = {
  name: "window joins",
  matches: (vector) => joinType(vector) === "windowJoin",
  differences: [],
  check,
};

function check(vector: WindowJoinVector): string | null {
  const { join } = vector;
  const sides = [windowed(vector, "left", "uv1"), windowed(vector, "right", "uv2")];
  const harness = compiledHarness(
    {
      op: "window-join",
      kind: join.mode === "anti" && join.notInSemantics !== undefined ? "not-in" : join.mode,
      window: windowOfResults(join.window),
      left: handDriven,
      right: handDriven,
      on: [{ left: "name", right: "name" }],
      rightPrefix: "right_",
      nullsMatch: join.nullKeysMatch,
    },
    sides.map((side) => side.type),
    { timeOf: (record) => Number(record.window_end) - 1 },
  );
  sides.forEach((side, input) => {
    for (const { rows, watermark } of side.steps) {
      harness.send(rows, input);
      harness.inputWatermark(input, watermark);
    }
  });
  return multisetProblem(
    "rows",
    harness.fields().map((fields) => named(fields, join.mode)),
    vector.expected,
  );
}

/** What is aggregated belongs together when its windows end together: one does in each stretch of so many ms as ends lie apart. */
function windowOfResults(window: WindowJoinVector["join"]["window"]): TumblingWindow {
  if (window.kind === "session") throw new Error("sessions of two sides do not end together");
  const apartMs = window.kind === "tumbling" ? window.sizeMs : window.kind === "hopping" ? window.slideMs : window.stepMs;
  return { kind: "tumbling", sizeMs: apartMs, offsetMs: window.offsetMs ?? 0 };
}

/** One side through the window aggregation before the join, with its watermarks. */
function windowed({ join, watermark, ...vector }: WindowJoinVector, side: Side, as: string) {
  const aggregate = {
    op: "window-aggregate",
    input: handDriven,
    keyBy: ["name"],
    window: windowSpec(join.window),
    aggregates: [{ as, fn: "count_distinct", argument: fieldOf(records, "string"), filter: null }],
    allowedLatenessMs: 0,
    output: "append",
  } as const;
  const timed = { ...records, time: "event" } as const;
  const harness = compiledHarness(aggregate, [timed], { timeOf: (record) => Number(record.ts) });
  const steps: { rows: readonly HarnessRecord[]; watermark: number }[] = [];
  let latest = Number.NEGATIVE_INFINITY;
  for (const { record, ts } of vector[side]) {
    harness.send([{ ...record, ts }]);
    latest = Math.max(latest, ts);
    steps.push(advance(harness, watermark === null ? noWatermark : latest - watermark.delayMs));
  }
  steps.push(advance(harness, Number.POSITIVE_INFINITY));
  const fields = {
    name: { kind: "string" },
    window_start: { kind: "timestamp" },
    window_end: { kind: "timestamp" },
    [as]: { kind: "bigint" },
  } as const;
  return { steps, type: { ...streamOf(fields), time: "event" } as const };
}

function advance(harness: OperatorHarness, watermark: number): { rows: readonly HarnessRecord[]; watermark: number } {
  harness.watermark(watermark);
  return { rows: harness.take().map((row) => row.fields), watermark };
}

/** A row under the names that vectors of that kind use. */
function named(fields: Readonly<Record<string, unknown>>, mode: WindowJoinVector["join"]["mode"]): Record<string, unknown> {
  const { name, window_start, window_end, uv1, uv2, right_name, right_window_start, right_window_end } = fields;
  const windowStart = window_start ?? right_window_start;
  const windowEnd = window_end ?? right_window_end;
  if (mode === "semi" || mode === "anti") return { name, windowStart, windowEnd, uv1 };
  if (mode !== "full") return { name, windowStart, windowEnd, uv1, uv2 };
  return {
    leftName: name,
    leftWindowStart: window_start,
    leftWindowEnd: window_end,
    rightName: right_name,
    rightWindowStart: right_window_start,
    rightWindowEnd: right_window_end,
    uv1,
    uv2,
  };
}
