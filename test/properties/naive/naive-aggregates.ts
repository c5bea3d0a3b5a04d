import type { PlannedOperator, StreamType } from "@millrace/engine";
import { fieldValue, type NaiveRow } from "./naive-operator.ts";

type AggregateSpec = Extract<PlannedOperator, { op: "window-aggregate" }>["aggregates"][number];

/** All aggregates over rows, in their order of arrival. */
export function aggregate(specs: readonly AggregateSpec[], type: StreamType, rows: readonly NaiveRow[]): Record<string, unknown> {
  return Object.fromEntries(specs.map((spec) => [spec.as, resultOf(spec, type, rows)]));
}

function resultOf(spec: AggregateSpec, type: StreamType, rows: readonly NaiveRow[]): unknown {
  const { fn, argument, filter, limit, separator = "," } = spec;
  const taken = rows.filter((row) => filter === null || fieldValue(filter, type, row) === true);
  if (argument === null) return taken.length;
  const values = taken.map((row) => ({ timeMs: row.timeMs, value: fieldValue(argument, type, row) })).filter(({ value }) => value !== null);
  if (fn === "count") return values.length;
  if (fn === "count_distinct") return new Set(values.map(({ value }) => value)).size;
  if (values.length === 0) return null;
  if (fn === "collect") return values.slice(0, limit).map(({ value }) => value);
  if (fn === "string_agg")
    return values
      .slice(0, limit)
      .map(({ value }) => String(value))
      .join(separator);
  const plain = values.map(({ value }) => value);
  switch (fn) {
    case "sum":
      return exactSum(plain.map(Number));
    case "avg":
      return exactSum(plain.map(Number)) / plain.length;
    case "min":
      return plain.reduce((a, b) => (isLess(b, a) ? b : a));
    case "max":
      return plain.reduce((a, b) => (isLess(a, b) ? b : a));
    case "top_k":
      return plain.toSorted((a, b) => (isLess(a, b) ? 1 : isLess(b, a) ? -1 : 0)).slice(0, limit ?? 10);
    case "first":
      return timedOrAll(values).reduce((a, b) => (b.timeMs < a.timeMs ? b : a)).value;
    case "last":
      return timedOrAll(values).reduce((a, b) => (b.timeMs < a.timeMs ? a : b)).value;
    default:
      throw new Error(`no naive ${fn}`);
  }
}

/** Those that have a time; all when none has. */
function timedOrAll<T extends { readonly timeMs: number }>(values: readonly T[]): readonly T[] {
  const timed = values.filter(({ timeMs }) => !Number.isNaN(timeMs));
  return timed.length === 0 ? values : timed;
}

function isLess(a: unknown, b: unknown): boolean {
  return typeof a === "string" && typeof b === "string" ? a < b : Number(a) < Number(b);
}

/** The double nearest to the sum of doubles that are multiples of 2^-70. */
function exactSum(values: readonly number[]): number {
  return Number(values.reduce((sum, value) => sum + BigInt(value * 2 ** 70), 0n)) / 2 ** 70;
}
