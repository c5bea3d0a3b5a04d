import { endOfTime } from "@millrace/engine";
import { streamOf } from "@millrace/engine/testing";
import { type DifferenceRule, multisetProblem, type Vector, type VectorSuite } from "../suite.ts";
import { pick, type Row, timeField, type VectorAggregate, type VectorWindow, windowRun, withVectorNames } from "./window-run.ts";

interface SqlVector extends Vector {
  readonly window: VectorWindow & { readonly partitionBy?: readonly string[] };
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

const number = { kind: "double" } as const;
const string = { kind: "string" } as const;
const records = streamOf({ int: number, double: number, float: number, bigdec: number, string, name: string });

const differences: readonly DifferenceRule<SqlVector>[] = [
  {
    name: "windows aggregate",
    why: "a table function that puts each record beside its window, without aggregating, is no operator here; how many records each window gets agrees",
    applies: ({ aggregates }) => aggregates.length === 0,
    agreed: (vector) => ({
      ...vector,
      watermark: null,
      aggregates: [{ fn: "count", as: "count" }],
      steps: vector.steps.map(counted(vector)),
    }),
  },
  {
    name: "one grouping at a time",
    why: "GROUPING SETS are several window nodes; each grouping by itself agrees (here the one by all keys, without concatenated strings)",
    applies: ({ groupingSets }) => groupingSets !== undefined,
    agreed: ({ groupingSets: _, ...vector }) => withoutConcat({ ...vector, steps: vector.steps.map(firstGrouping) }),
  },
  {
    name: "no concatenation",
    why: "there is no aggregate that concatenates strings; all other results agree",
    applies: ({ aggregates }) => aggregates.some(isConcat),
    agreed: withoutConcat,
  },
];

/** Windows of Flink SQL with a watermark after every record. Decimals are read as numbers. */
export const flinkSqlWindow: VectorSuite<SqlVector> = { file: "flink_sql_window_tvf.json", differences, check };

function check(vector: SqlVector): string | null {
  if (vector.groupingSets !== undefined) return "there are grouping sets";
  if (vector.aggregates.length === 0) return "nothing is aggregated";
  const { window, keyBy, aggregates } = vector;
  const harness = windowRun({ window, keyBy, aggregates, allowedLatenessMs: 0, output: "append" }, records);
  let latestMs = Number.NEGATIVE_INFINITY;
  for (const { record, ts, watermark } of vector.steps.flatMap((step) => step.actions)) {
    if (record !== undefined && ts !== undefined) {
      harness.send([{ ...record, bigdec: numberOf(record.bigdec), [timeField]: ts }]);
      latestMs = Math.max(latestMs, ts);
      if (vector.watermark !== null) harness.watermark(latestMs - vector.watermark.delayMs);
    }
    if (watermark !== undefined) harness.watermark(watermark === "MAX" ? endOfTime : watermark);
  }
  const expected = vector.steps.flatMap((step) => step.expected).map(({ row }) => row);
  const names = Object.keys(expected.at(0) ?? {});
  return multisetProblem(
    "rows",
    harness.fields().map((fields) => pick(withVectorNames(fields), names)),
    expected.map((row) => ("sumBigdec" in row ? { ...row, sumBigdec: numberOf(row.sumBigdec) } : row)),
  );
}

function numberOf(decimal: unknown): number | null {
  return decimal === null || decimal === undefined ? null : Number(decimal);
}

function isConcat({ fn }: VectorAggregate): boolean {
  return fn === "concatDistinct";
}

type Step = SqlVector["steps"][number];

function withoutConcat(vector: SqlVector): SqlVector {
  const names = vector.aggregates.filter(isConcat).map(({ as }) => as);
  const without = (row: Row) => Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));
  return {
    ...vector,
    aggregates: vector.aggregates.filter((aggregate) => !isConcat(aggregate)),
    steps: vector.steps.map((step) => ({ ...step, expected: step.expected.map(({ op, row }) => ({ op, row: without(row) })) })),
  };
}

function firstGrouping(step: Step): Step {
  const rows = step.expected.filter(({ row }) => row.groupingId === 0);
  return { ...step, expected: rows.map(({ op, row: { groupingId: _, ...row } }) => ({ op, row })) };
}

/** Rows beside their windows become one row for each key and window. */
function counted({ keyBy }: SqlVector): (step: Step) => Step {
  return (step) => {
    const counts = new Map<string, number>();
    for (const { row } of step.expected) {
      const group = JSON.stringify(pick(row, [...keyBy, "windowStart", "windowEnd"]));
      counts.set(group, (counts.get(group) ?? 0) + 1);
    }
    return { ...step, expected: [...counts].map(([group, count]) => ({ op: "+I", row: { ...JSON.parse(group), count } })) };
  };
}
