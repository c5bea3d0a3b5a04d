import { compareStrings } from "../expression/values/code-points.ts";
import { type EventRow, valuesOf } from "./event-row.ts";
import type { KeptAggregate } from "./pattern-layout.ts";
import type { Taken } from "./pattern-runs.ts";

/** What is known of an aggregate over the events up to one that was taken. */
export interface StageFold {
  /** Events, or values that are not NULL. */
  readonly count: number;
  /** The value itself; of `sum` and `avg` the sum. */
  readonly value: unknown;
}

/** By aggregate; undefined where nothing has been found out yet. */
export type StageFolds = (StageFold | undefined)[];

const empty: StageFold = { count: 0, value: null };

/**
 * The aggregate `index` of a layout over the events that a run has taken for a stage, or for all. First and last are those of
 * the first and the last event, even NULL, or of one so many events from there; the others pass NULL over. Of no events,
 * count is 0 and all others are NULL. What is found out is noted at the newest events, so that the next question, about one
 * event more, takes one step.
 */
export function stageValue(aggregate: KeptAggregate, index: number, taken: Taken<EventRow> | null): unknown {
  if (aggregate.offset > 0) return valueAtOffset(aggregate, taken);
  const { count, value } = foldOf(aggregate, index, taken);
  switch (aggregate.fn) {
    case "count":
      return count;
    case "avg":
      return count === 0 ? null : Number(value) / count;
    default:
      return value;
  }
}

function foldOf(aggregate: KeptAggregate, index: number, newest: Taken<EventRow> | null): StageFold {
  if (newest === null) return empty;
  // Mostly one event more than was asked about before.
  const known = newest.folds[index];
  if (known !== undefined) return known;
  const last = newest.before === null ? empty : newest.before.folds[index];
  if (last !== undefined) {
    const fold = extended(last, aggregate, newest);
    newest.folds[index] = fold;
    return fold;
  }
  const path: Taken<EventRow>[] = [];
  let from: StageFold | undefined;
  for (let taken: Taken<EventRow> | null = newest; taken !== null; taken = taken.before) {
    from = taken.folds[index];
    if (from !== undefined) break;
    path.push(taken);
  }
  // Oldest first: sums of doubles depend on the order.
  let fold = from ?? empty;
  for (let i = path.length - 1; i >= 0; i--) {
    fold = extended(fold, aggregate, path[i]);
    // A question that counts the tested event has an event before it that other questions will come back to.
    if (i < 2) path[i].folds[index] = fold;
  }
  return fold;
}

function extended(fold: StageFold, { fn, stage, field }: KeptAggregate, taken: Taken<EventRow>): StageFold {
  if (stage !== null && taken.stage !== stage) return fold;
  if (field < 0) return { count: fold.count + 1, value: null };
  const value = valuesOf(taken.event)[field] ?? null;
  const count = fold.count + 1;
  if (fn === "last") return { count, value };
  if (fn === "first") return fold.count === 0 ? { count, value } : fold;
  if (value === null) return fold;
  if (fn === "min" || fn === "max")
    return fold.count > 0 && isLess(fold.value, value) === (fn === "min") ? { count, value: fold.value } : { count, value };
  return { count, value: fn === "count" ? null : Number(fold.value ?? 0) + Number(value) };
}

/** `FIRST(a.price, 2)` and `LAST(a.price, 2)`: so many events behind the first, or before the last. */
function valueAtOffset({ fn, stage, field, offset }: KeptAggregate, newest: Taken<EventRow> | null): unknown {
  const events: Taken<EventRow>[] = [];
  for (let taken = newest; taken !== null; taken = taken.before) {
    if (stage !== null && taken.stage !== stage) continue;
    events.push(taken);
    if (fn === "last" && events.length > offset) return valuesOf(taken.event)[field] ?? null;
  }
  const found = fn === "first" ? events.at(-1 - offset) : undefined;
  return found === undefined ? null : (valuesOf(found.event)[field] ?? null);
}

/** Values are of one type that is ordered: numbers or texts. */
function isLess(a: unknown, b: unknown): boolean {
  return typeof a === "string" && typeof b === "string" ? compareStrings(a, b) < 0 : Number(a) < Number(b);
}
