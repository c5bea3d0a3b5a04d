import { compareStrings } from "../expression/values/code-points.ts";
import { type EventRow, valuesOf } from "./event-row.ts";
import type { KeptAggregate } from "./pattern-layout.ts";
import type { Taken } from "./pattern-runs.ts";

/**
 * An aggregate over the events that a run has taken for a stage, or for all. First and last are those of the first and
 * the last event, even NULL, or of one so many events from there; the others pass NULL over. Of no events, count is 0
 * and all others are NULL.
 */
export function stageValue({ fn, stage, field, offset }: KeptAggregate, taken: Taken<EventRow> | null): unknown {
  if (field < 0) return countEvents(stage, taken);
  if (fn === "last") return valueFromLast(stage, field, offset, taken);
  const values = takenValues(stage, field, taken);
  if (fn === "first") return values.at(offset) ?? null;
  return aggregateOf(
    fn,
    values.filter((value) => value !== null && value !== undefined),
  );
}

function countEvents(stage: string | null, newest: Taken<EventRow> | null): number {
  let count = 0;
  for (let taken = newest; taken !== null; taken = taken.before) if (stage === null || taken.stage === stage) count++;
  return count;
}

function valueFromLast(stage: string | null, field: number, offset: number, newest: Taken<EventRow> | null): unknown {
  let left = offset;
  for (let taken = newest; taken !== null; taken = taken.before) {
    if (stage !== null && taken.stage !== stage) continue;
    if (left-- === 0) return valuesOf(taken.event)[field] ?? null;
  }
  return null;
}

/** Oldest first: sums of doubles depend on the order. */
function takenValues(stage: string | null, field: number, newest: Taken<EventRow> | null): unknown[] {
  const values: unknown[] = [];
  for (let taken = newest; taken !== null; taken = taken.before) {
    if (stage === null || taken.stage === stage) values.push(valuesOf(taken.event)[field]);
  }
  return values.reverse();
}

function aggregateOf(fn: "count" | "sum" | "avg" | "min" | "max", values: readonly unknown[]): unknown {
  if (fn === "count") return values.length;
  if (values.length === 0) return null;
  if (fn === "min" || fn === "max") return values.reduce((a, b) => (isLess(a, b) === (fn === "min") ? a : b));
  const sum = values.reduce((total: number, value) => total + Number(value), 0);
  return fn === "sum" ? sum : sum / values.length;
}

/** Values are of one type that is ordered: numbers or texts. */
function isLess(a: unknown, b: unknown): boolean {
  return typeof a === "string" && typeof b === "string" ? compareStrings(a, b) < 0 : Number(a) < Number(b);
}
