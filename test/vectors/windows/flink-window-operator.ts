import { endOfTime } from "@millrace/engine";
import type { OperatorHarness } from "@millrace/engine/testing";
import { betweenWindowsIsNotLate, sessionsFireAtTheirEnd } from "../differences.ts";
import { type DifferenceRule, hasMembers, multisetProblem, type Vector, type VectorSuite } from "../suite.ts";
import {
  namedFields,
  pick,
  type Row,
  streamOfRecords,
  summedFields,
  timeField,
  type VectorAggregate,
  type VectorWindow,
  windowRun,
  withVectorNames,
  withVectorResults,
} from "./window-run.ts";

interface Action {
  readonly record?: Row;
  readonly ts?: number | null;
  /** `MAX`: the end of the input. */
  readonly watermark?: number | "MAX";
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
  readonly accumulation?: "accumulating" | "discarding";
  readonly allowedLatenessMs?: number;
  readonly retractionsOnRefire?: boolean;
  readonly steps: readonly { readonly actions: readonly Action[]; readonly expected: readonly ExpectedRow[] }[];
  readonly expectedLate?: readonly LateRecord[] | null;
}

interface LateRecord {
  readonly record: Row;
  readonly ts: number;
}

const differences: readonly DifferenceRule<OperatorVector>[] = [
  {
    ...sessionsFireAtTheirEnd,
    applies: ({ window }) => window.kind === "session",
    agreed: (vector) => {
      const later = isProcessing(vector)
        ? { processingTime: latest(vector, "processingTime") + 1 }
        : { watermark: latest(vector, "watermark") + 1 };
      return { ...vector, steps: [...vector.steps, { actions: [later], expected: [] }] };
    },
  },
  {
    ...betweenWindowsIsNotLate,
    applies: ({ window }) => window.kind === "hopping" && window.slideMs > window.sizeMs,
    agreed: (vector) => ({ ...vector, expectedLate: vector.expectedLate?.filter((late) => isInWindow(vector, late)) ?? null }),
  },
];

/** Flink's window operators, step by step; compared over all steps, as sessions fire one millisecond later here. */
export const flinkWindowOperator: VectorSuite<OperatorVector> = {
  name: "window operators of Flink",
  // Windows of SQL say how watermarks are made, those of Kafka Streams when rows come out.
  matches: (vector) =>
    hasMembers(vector, ["window", "steps"]) &&
    (hasMembers(vector, ["accumulation"]) || !["emit", "watermark"].some((name) => hasMembers(vector, [name]))),
  differences,
  check,
};

function check(vector: OperatorVector): string | null {
  const harness = harnessOf(vector);
  const isByClock = isProcessing(vector);
  let nowMs = 0;
  if (isByClock) harness.processingTime(nowMs);
  for (const action of vector.steps.flatMap((step) => step.actions)) {
    if (action.watermark !== undefined) harness.watermark(timeOf(action.watermark));
    if (action.processingTime !== undefined) {
      nowMs = action.processingTime;
      harness.processingTime(nowMs);
    }
    if (action.record !== undefined) harness.send([{ ...action.record, [timeField]: action.ts ?? nowMs }]);
  }
  return rowsProblem(vector, harness.rows()) ?? lateProblem(vector, harness);
}

function harnessOf(vector: OperatorVector): OperatorHarness {
  const { window, keyBy, aggregates, accumulation, allowedLatenessMs = 0, retractionsOnRefire } = vector;
  const isDiscarding = accumulation === "discarding";
  const output = isDiscarding || allowedLatenessMs === 0 ? "append" : retractionsOnRefire ? "retract" : "update";
  const records = vector.steps.flatMap((step) => step.actions.flatMap(({ record }) => (record === undefined ? [] : [record])));
  const more = { ...(isDiscarding ? { panes: accumulation } : {}), ...(isProcessing(vector) ? { time: "processing" as const } : {}) };
  const stream = streamOfRecords(records, summedFields(aggregates), namedFields(vector));
  return windowRun({ window, keyBy, aggregates, allowedLatenessMs, output, ...more }, stream);
}

function isProcessing({ window }: OperatorVector): boolean {
  return window.kind !== "count" && window.time === "processing";
}

interface EmittedRow {
  readonly fields: Row;
  readonly timeMs: number;
  readonly kind: string;
}

/** Without retractions the rows of a vector have no kinds, and none is ever taken back. */
function rowsProblem({ retractionsOnRefire, steps, aggregates }: OperatorVector, emitted: readonly EmittedRow[]): string | null {
  const expected = steps.flatMap((step) => step.expected);
  const first = expected.at(0);
  const names = Object.keys(first?.row ?? {});
  const kindOf = (kind: string) => (retractionsOnRefire ? kind : "+I");
  const timeOf = (timeMs: number | undefined) => (first?.ts === undefined ? null : timeMs);
  return multisetProblem(
    "rows",
    emitted
      .filter(({ kind }) => retractionsOnRefire || kind !== "-D")
      .map(({ fields, timeMs, kind }) => [
        kindOf(kind),
        pick(withVectorResults(withVectorNames(fields), aggregates), names),
        timeOf(timeMs),
      ]),
    expected.map(({ op, row, ts }) => [op, row, timeOf(ts)]),
  );
}

function lateProblem({ expectedLate }: OperatorVector, harness: OperatorHarness): string | null {
  if (expectedLate === null || expectedLate === undefined) return null;
  return multisetProblem(
    "late",
    harness.rows("late").map(({ fields, timeMs }) => [fields, timeMs]),
    expectedLate.map(({ record, ts }) => [record, ts]),
  );
}

function latest({ steps }: OperatorVector, clock: "watermark" | "processingTime"): number {
  return Math.max(...steps.flatMap((step) => step.actions).map((action) => timeOf(action[clock] ?? Number.NEGATIVE_INFINITY)));
}

function timeOf(time: number | "MAX"): number {
  return time === "MAX" ? endOfTime : time;
}

function isInWindow({ window }: OperatorVector, { ts }: LateRecord): boolean {
  if (window.kind !== "hopping") return true;
  const { slideMs, sizeMs, offsetMs = 0 } = window;
  return (((ts - offsetMs) % slideMs) + slideMs) % slideMs < sizeMs;
}
