import { streamOf } from "@millrace/engine/testing";
import { type DifferenceRule, multisetProblem, type Vector, type VectorSuite } from "../suite.ts";
import { pick, type Row, timeField, type VectorAggregate, type VectorWindow, windowRun, withVectorNames } from "./window-run.ts";

interface Action {
  readonly record?: Row;
  readonly ts?: number | null;
  readonly watermark?: number;
  readonly processingTime?: number;
}

interface ExpectedRow {
  readonly op: string;
  readonly row: Row;
  readonly ts?: number;
}

interface OperatorVector extends Vector {
  readonly window: VectorWindow & { readonly time?: "event" | "processing" };
  readonly keyBy: readonly string[];
  readonly aggregates: readonly VectorAggregate[];
  readonly accumulation: "accumulating" | "discarding";
  readonly allowedLatenessMs: number;
  readonly retractionsOnRefire: boolean;
  readonly steps: readonly { readonly actions: readonly Action[]; readonly expected: readonly ExpectedRow[] }[];
  readonly expectedLate: readonly { readonly record: Row; readonly ts: number }[] | null;
}

const records = streamOf({ key: { kind: "string" }, value: { kind: "double" } });

const differences: readonly DifferenceRule<OperatorVector>[] = [
  {
    name: "windows go by time",
    why: "there are no windows by count; nothing of such a vector is left to agree on",
    applies: ({ window }) => window.kind === "count",
    agreed: (vector) => ({ ...vector, window: { kind: "tumbling", sizeMs: 1 }, steps: [] }),
  },
  {
    name: "sessions fire at their end",
    why: "a session fires when W >= last + gap, so that a record at exactly last + gap finds it open; Flink fires at end - 1. With one more millisecond both agree",
    applies: ({ window, accumulation }) => window.kind === "session" && accumulation === "accumulating",
    agreed: (vector) => ({ ...vector, steps: [...vector.steps, { actions: [{ watermark: latestWatermark(vector) + 1 }], expected: [] }] }),
  },
  {
    name: "panes accumulate",
    why: "a window that fires again gives its whole result, as a part of it could not replace what was said before; windows and times agree",
    applies: ({ accumulation }) => accumulation === "discarding",
    agreed: (vector) => ({ ...vector, accumulation: "accumulating", steps: vector.steps.map(withoutResults) }),
  },
];

/** Flink's window operators, step by step; compared over all steps, as sessions fire one millisecond later here. */
export const flinkWindowOperator: VectorSuite<OperatorVector> = { file: "flink_window_operator.json", differences, check };

function check(vector: OperatorVector): string | null {
  if (vector.accumulation === "discarding") return "panes are discarded";
  const { window, keyBy, aggregates, allowedLatenessMs, retractionsOnRefire } = vector;
  const output = allowedLatenessMs === 0 ? "append" : retractionsOnRefire ? "retract" : "update";
  const harness = windowRun({ window, keyBy, aggregates, allowedLatenessMs, output }, records);
  let nowMs = 0;
  for (const action of vector.steps.flatMap((step) => step.actions)) {
    if (action.watermark !== undefined) harness.watermark(action.watermark);
    if (action.processingTime !== undefined) {
      nowMs = action.processingTime;
      // Records may still come at this very moment.
      if (window.kind !== "count" && window.time === "processing") harness.watermark(nowMs - 1);
    }
    if (action.record !== undefined) harness.send([{ ...action.record, [timeField]: window.time === "processing" ? nowMs : action.ts }]);
  }
  return rowsProblem(vector, harness.rows()) ?? lateProblem(vector, harness.rows("late"));
}

interface EmittedRow {
  readonly fields: Row;
  readonly timeMs: number;
  readonly kind: string;
}

/** Without retractions the rows of a vector have no kinds, and none is ever taken back. */
function rowsProblem({ retractionsOnRefire, steps }: OperatorVector, emitted: readonly EmittedRow[]): string | null {
  const expected = steps.flatMap((step) => step.expected);
  const first = expected.at(0);
  const names = Object.keys(first?.row ?? {});
  const kindOf = (kind: string) => (retractionsOnRefire ? kind : "+I");
  const timeOf = (timeMs: number | undefined) => (first?.ts === undefined ? null : timeMs);
  return multisetProblem(
    "rows",
    emitted
      .filter(({ kind }) => retractionsOnRefire || kind !== "-D")
      .map(({ fields, timeMs, kind }) => [kindOf(kind), pick(withVectorNames(fields), names), timeOf(timeMs)]),
    expected.map(({ op, row, ts }) => [op, row, timeOf(ts)]),
  );
}

function lateProblem({ expectedLate }: OperatorVector, late: readonly EmittedRow[]): string | null {
  if (expectedLate === null) return null;
  return multisetProblem(
    "late",
    late.map(({ fields, timeMs }) => [fields, timeMs]),
    expectedLate.map(({ record, ts }) => [record, ts]),
  );
}

function latestWatermark({ steps }: OperatorVector): number {
  return Math.max(...steps.flatMap((step) => step.actions).map((action) => action.watermark ?? Number.NEGATIVE_INFINITY));
}

function withoutResults({ actions, expected }: OperatorVector["steps"][number]): OperatorVector["steps"][number] {
  return { actions, expected: expected.map(({ row: { sum: _, ...row }, ...rest }) => ({ ...rest, row })) };
}
