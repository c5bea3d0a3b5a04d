import type { JsonValue } from "@millrace/engine";
import { freeName, readEntries } from "./entries.ts";

/** One aggregate as the form holds it; empty text and null are left out of the document. */
export interface AggregateEntry {
  readonly as: string;
  readonly fn: string;
  readonly argument: string;
  readonly filter: string;
  readonly fraction: number | null;
  readonly limit: number | null;
  readonly separator: string | null;
}

/** An aggregate of which only the function is chosen. */
export function emptyAggregate(as: string, fn: string): AggregateEntry {
  return { as, fn, argument: "", filter: "", fraction: null, limit: null, separator: null };
}

/** The aggregates of a parameter, whatever the document holds. */
export function readAggregates(value: JsonValue | undefined): readonly AggregateEntry[] {
  const list: readonly JsonValue[] = Array.isArray(value) ? value : [];
  return readEntries(value, ["as", "fn", "argument", "filter"]).map((entry, i) => ({
    ...entry,
    fraction: numberOf(list[i], "fraction"),
    limit: numberOf(list[i], "limit"),
    separator: textOf(list[i], "separator"),
  }));
}

/** As the document holds them. */
export function writeAggregates(entries: readonly AggregateEntry[]): JsonValue {
  return entries.map(({ as, fn, argument, filter, fraction, limit, separator }) => ({
    as,
    fn,
    ...(argument === "" ? {} : { argument }),
    ...(filter === "" ? {} : { filter }),
    ...(fraction === null ? {} : { fraction }),
    ...(limit === null ? {} : { limit }),
    ...(separator === null ? {} : { separator }),
  }));
}

/** What a function takes beside its argument. */
export type AggregateOption = "fraction" | "limit" | "separator";

const optionsByFunction: ReadonlyMap<string, readonly AggregateOption[]> = new Map<string, readonly AggregateOption[]>([
  ["percentile", ["fraction"]],
  ["most_frequent", ["limit"]],
  ["top_k", ["limit"]],
  ["collect", ["limit"]],
  ["string_agg", ["separator", "limit"]],
]);

/** The options that the form shows for a function. */
export function optionsOf(fn: string): readonly AggregateOption[] {
  return optionsByFunction.get(fn) ?? [];
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
  const after = withFittingOptions({ ...before, ...change }, before.fn);
  const others = entries.toSpliced(index, 1);
  const own = freeName(others, aggregateName(before.fn, before.argument));
  const follows = change.as === undefined && (before.as === own || before.as === "");
  return entries.with(index, follows ? { ...after, as: freeName(others, aggregateName(after.fn, after.argument)) } : after);
}

/** Options that the function does not take go when it is chosen; a percentile begins as the 95th. */
function withFittingOptions(entry: AggregateEntry, fnBefore: string): AggregateEntry {
  if (entry.fn === fnBefore) return entry;
  const takes = optionsOf(entry.fn);
  return {
    ...entry,
    fraction: takes.includes("fraction") ? (entry.fraction ?? 0.95) : null,
    limit: takes.includes("limit") ? entry.limit : null,
    separator: takes.includes("separator") ? entry.separator : null,
  };
}

function memberOf(item: JsonValue | undefined, member: string): JsonValue | undefined {
  if (typeof item !== "object" || item === null || Array.isArray(item)) return undefined;
  return Object.entries(item).find(([name]) => name === member)?.[1];
}

function numberOf(item: JsonValue | undefined, member: string): number | null {
  const value = memberOf(item, member);
  return typeof value === "number" ? value : null;
}

function textOf(item: JsonValue | undefined, member: string): string | null {
  const value = memberOf(item, member);
  return typeof value === "string" ? value : null;
}
