import { endOfTime } from "@millrace/engine";
import { hasMembers, multisetProblem, type Vector, type VectorSuite } from "../suite.ts";
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
  withNumbers,
  withVectorNames,
  withVectorResults,
} from "./window-run.ts";

interface SqlVector extends Vector {
  readonly window: VectorWindow;
  /** null: none before the end. */
  readonly watermark: { readonly delayMs: number } | null;
  readonly keyBy: readonly string[];
  readonly groupingSets?: readonly (readonly string[])[];
  readonly aggregates: readonly VectorAggregate[];
  readonly steps: readonly {
    readonly actions: readonly { readonly record?: Row; readonly ts?: number; readonly watermark?: "MAX" | number }[];
    readonly expected: readonly { readonly op: string; readonly row: Row }[];
  }[];
}

/** Windows of Flink SQL with a watermark after every record, as aggregates or as a table function. Decimals are read as numbers, and compared to their own number of places. */
export const flinkSqlWindow: VectorSuite<SqlVector> = {
  name: "windows of Flink SQL",
  matches: (vector) => hasMembers(vector, ["window", "keyBy", "aggregates", "steps", "watermark"]),
  differences: [],
  check,
};

function check(vector: SqlVector): string | null {
  const expected = vector.steps.flatMap((step) => step.expected).map(({ row }) => row);
  const names = Object.keys(expected.at(0) ?? {});
  // GROUPING SETS are a window for each grouping, and their union.
  const rows = (vector.groupingSets ?? [vector.keyBy]).flatMap((keyBy) => grouped(vector, keyBy));
  const places = decimalResults(vector);
  return multisetProblem(
    "rows",
    rows.map((row) => pick(rounded(row, places), names)),
    expected.map((row) => sortedLists(withNumbers(row, new Set(places.keys())))),
  );
}

/** By result that is a decimal: to how many places it is exact; of averages, which are not, null. */
function decimalResults(vector: SqlVector): ReadonlyMap<string, number | null> {
  const decimals = decimalFields(vector);
  return new Map(
    vector.aggregates.flatMap(({ fn, field, as }): [string, number | null][] => {
      const places = decimals.get(field ?? "");
      if (places === undefined) return [];
      if (fn === "avg") return [[as, null]];
      return fn === "sum" || fn === "min" || fn === "max" ? [[as, places]] : [];
    }),
  );
}

/** Fields that are added up, or of which an extreme is asked and all values are decimals as text; with their most places. */
function decimalFields({ aggregates, steps }: SqlVector): ReadonlyMap<string, number> {
  const values = (field: string): unknown[] => steps.flatMap((step) => step.actions.flatMap(({ record }) => record?.[field] ?? []));
  const isDecimal = (value: unknown): boolean => typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value);
  const extremes = aggregates.flatMap(({ fn, field }) => (field !== undefined && (fn === "min" || fn === "max") ? [field] : []));
  const named = extremes.filter((field) => values(field).length > 0 && values(field).every(isDecimal));
  return new Map(
    [...summedFields(aggregates), ...named].map((field) => [
      field,
      Math.max(0, ...values(field).map((value) => String(value).split(".").at(1)?.length ?? 0)),
    ]),
  );
}

/** Sums are made of doubles here. */
function rounded(row: Row, places: ReadonlyMap<string, number | null>): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      const digits = places.get(name) ?? null;
      return [name, typeof value === "number" && digits !== null ? Number(value.toFixed(digits)) : value];
    }),
  );
}

/** The rows of one grouping; what is not grouped by is NULL. */
function grouped(vector: SqlVector, keyBy: readonly string[]): Row[] {
  const { window, aggregates, watermark, steps, keyBy: all } = vector;
  const actions = steps.flatMap((step) => step.actions);
  const decimals = new Set(decimalFields(vector).keys());
  const records = actions.flatMap(({ record, ts }) => (record === undefined ? [] : [{ ts, ...record }]));
  const output = "append" as const;
  const partition = window.kind === "session" && aggregates.length === 0 ? (window.partitionBy ?? []) : keyBy;
  const run = { window, keyBy: partition, aggregates, allowedLatenessMs: 0, output };
  const harness = windowRun(run, streamOfRecords(records, decimals, namedFields(vector)));
  let latestMs = Number.NEGATIVE_INFINITY;
  for (const action of actions) {
    if (action.record !== undefined && action.ts !== undefined) {
      harness.send([{ ts: action.ts, ...withNumbers(action.record, decimals), [timeField]: action.ts }]);
      latestMs = Math.max(latestMs, action.ts);
      if (watermark !== null) harness.watermark(latestMs - watermark.delayMs);
    }
    if (action.watermark !== undefined) harness.watermark(action.watermark === "MAX" ? endOfTime : action.watermark);
  }
  const missing = Object.fromEntries(all.filter((name) => !keyBy.includes(name)).map((name) => [name, null]));
  const groupingId = all.reduce((id, name) => id * 2 + (keyBy.includes(name) ? 0 : 1), 0);
  return harness.fields().map((fields) => ({ ...missing, groupingId, ...withVectorResults(withVectorNames(fields), aggregates) }));
}

/** Lists that are compared as sets. */
function sortedLists(row: Row): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Array.isArray(value) ? [...value].sort() : value]));
}
