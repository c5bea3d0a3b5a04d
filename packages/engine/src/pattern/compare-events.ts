import { compareStrings } from "../expression/values/code-points.ts";
import type { EventOrder } from "../plan/pattern-operator.ts";
import type { Field } from "../types/field-type.ts";

/** Compares the kept values of two events; 0 where the order says nothing about them. */
export type CompareEvents = (a: readonly unknown[], b: readonly unknown[]) => number;

/** The comparison of events by an order whose fields are among the kept ones. NULL is the least value, as in Flink. */
export function compareEvents(order: readonly EventOrder[], kept: readonly Field[]): CompareEvents {
  const by = order.map(({ field, descending }) => ({
    index: kept.findIndex(({ name }) => name === field),
    sign: descending ? -1 : 1,
  }));
  return (a, b) => {
    for (const { index, sign } of by) {
      const found = compareValues(a[index] ?? null, b[index] ?? null);
      if (found !== 0) return found * sign;
    }
    return 0;
  };
}

function compareValues(a: unknown, b: unknown): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  return typeof a === "string" && typeof b === "string" ? compareStrings(a, b) : Number(a) - Number(b);
}
