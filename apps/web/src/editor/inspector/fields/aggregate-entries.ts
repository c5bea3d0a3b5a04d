import type { JsonValue } from "@millrace/engine";
import { freeName, readEntries } from "./entries.ts";

/** One aggregate as the form holds it; empty text is left out of the document. */
export interface AggregateEntry {
  readonly as: string;
  readonly fn: string;
  readonly argument: string;
  readonly filter: string;
}

/** The aggregates of a parameter, whatever the document holds. */
export function readAggregates(value: JsonValue | undefined): readonly AggregateEntry[] {
  return readEntries(value, ["as", "fn", "argument", "filter"]);
}

/** As the document holds them. */
export function writeAggregates(entries: readonly AggregateEntry[]): JsonValue {
  return entries.map((entry) => ({
    as: entry.as,
    fn: entry.fn,
    ...(entry.argument === "" ? {} : { argument: entry.argument }),
    ...(entry.filter === "" ? {} : { filter: entry.filter }),
  }));
}

/** The name that a result gets by itself: `count`, `avg_latency_ms`, `sum`. */
export function aggregateName(fn: string, argument: string): string {
  const field = /^`?([A-Za-z_][A-Za-z0-9_]*)`?$/.exec(argument.trim())?.[1];
  return field === undefined ? fn : `${fn}_${field}`;
}

/** The entries with `change` made to one; while its name is the one it got by itself, the name follows. */
export function changeAggregate(
  entries: readonly AggregateEntry[],
  index: number,
  change: Partial<AggregateEntry>,
): readonly AggregateEntry[] {
  const before = entries[index];
  const after = { ...before, ...change };
  const others = entries.toSpliced(index, 1);
  const own = freeName(others, aggregateName(before.fn, before.argument));
  const follows = change.as === undefined && (before.as === own || before.as === "");
  return entries.with(index, follows ? { ...after, as: freeName(others, aggregateName(after.fn, after.argument)) } : after);
}
