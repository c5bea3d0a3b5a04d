import type { TypedExpression } from "../../expression/typed-expression.ts";
import type { AggregateFunction, AggregateSpec } from "../../plan/logical-operator.ts";
import { fieldOf } from "../../testing/plan-step.ts";
import { type Event, events } from "./record-fixture.ts";

/** Name of the result, function, argument, filter. */
export type Result = readonly [string, AggregateFunction, keyof Event | null, keyof Event | null];

/** Every function over fields of events, some of them filtered. */
export const results: readonly Result[] = [
  ["n", "count", null, null],
  ["good", "count", null, "ok"],
  ["total", "sum", "value", null],
  ["groups", "sum", "group", "ok"],
  ["low", "min", "value", null],
  ["high", "max", "value", "ok"],
  ["mean", "avg", "value", null],
  ["kinds", "count_distinct", "value", null],
  ["oldest", "first", "id", null],
  ["newest", "last", "id", "ok"],
];

/** The aggregates of results. */
export function specsOf(of: readonly Result[]): readonly AggregateSpec<TypedExpression>[] {
  return of.map(([as, fn, argument, filter]) => ({
    as,
    fn,
    argument: argument === null ? null : fieldOf(events, String(argument)),
    filter: filter === null ? null : fieldOf(events, String(filter)),
  }));
}

/** A result over records in order of their times, those of the same time in order of arrival. */
export function aggregate([, fn, argument, filter]: Result, records: readonly Event[]): unknown {
  const taken = records.filter((record) => filter === null || record[filter] === true);
  if (argument === null) return taken.length;
  const values = taken.map((record) => record[argument]).filter((value) => value !== null);
  const numbers = values.map(Number);
  if (fn === "count_distinct") return new Set(values).size;
  if (values.length === 0) return null;
  if (fn === "sum" || fn === "avg") return exactSum(numbers) / (fn === "avg" ? numbers.length : 1);
  if (fn === "min") return Math.min(...numbers);
  if (fn === "max") return Math.max(...numbers);
  return fn === "first" ? values[0] : values.at(-1);
}

/** The double nearest to the sum of doubles that are multiples of 2^-60. */
function exactSum(values: readonly number[]): number {
  return Number(values.reduce((sum, value) => sum + BigInt(value * 2 ** 60), 0n)) / 2 ** 60;
}
