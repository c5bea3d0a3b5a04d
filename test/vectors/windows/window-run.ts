import type {
  AggregateFunction,
  AggregateSpec,
  Changelog,
  Field,
  Panes,
  StreamType,
  Trigger,
  TypedExpression,
  WindowSpec,
} from "@millrace/engine";
import { compiledHarness, fieldOf, type HarnessRecord, handDriven, type OperatorHarness } from "@millrace/engine/testing";

/** A window as vectors write it. */
export type VectorWindow =
  | { readonly kind: "tumbling"; readonly sizeMs: number; readonly offsetMs?: number }
  | { readonly kind: "hopping"; readonly sizeMs: number; readonly slideMs: number; readonly offsetMs?: number }
  | { readonly kind: "cumulative"; readonly maxSizeMs: number; readonly stepMs: number; readonly offsetMs?: number }
  | { readonly kind: "session"; readonly gapMs: number; readonly partitionBy?: readonly string[] }
  | { readonly kind: "count"; readonly size: number; readonly slide: number };

export interface VectorAggregate {
  readonly fn: string;
  readonly field?: string;
  readonly as: string;
}

export type Row = Readonly<Record<string, unknown>>;

export interface WindowRun {
  readonly window: VectorWindow;
  readonly keyBy: readonly string[];
  /** Without any, records are put beside their windows. */
  readonly aggregates: readonly VectorAggregate[];
  readonly allowedLatenessMs: number;
  readonly output: Changelog;
  readonly early?: Trigger;
  readonly panes?: Panes;
  readonly time?: "event" | "processing";
}

/** A harness around the operator that a vector describes. Throws where Millrace does not have what it asks for. */
export function windowRun(run: WindowRun, input: StreamType): OperatorHarness {
  return compiledHarness(operatorOf(run, input), [input], { timeOf: (record: HarnessRecord) => Number(record[timeField]) });
}

/** The member of a record that carries its time beside its fields. */
export const timeField = "@time";

/**
 * The stream of these records: each field has the type of its values. `asNumbers`: decimals that are written as text, and
 * those that are numbers even if no record says so. `needed`: fields that are there without any record.
 */
export function streamOfRecords(records: readonly Row[], asNumbers: ReadonlySet<string>, needed: readonly string[] = []): StreamType {
  const names = [...new Set([...records.flatMap((record) => Object.keys(record)), ...needed])];
  const fields = names.map((name): Field => {
    const value = records.map((record) => record[name]).find((candidate) => candidate !== null && candidate !== undefined);
    const kind = typeof value === "number" || asNumbers.has(name) ? "double" : typeof value === "boolean" ? "boolean" : "string";
    return { name, type: { kind } };
  });
  return { fields, time: "event", timeField: null, changelog: "append", key: [] };
}

/** A row with those of its fields as numbers that are decimals in text. */
export function withNumbers(row: Row, names: ReadonlySet<string>): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, names.has(name) && value !== null ? Number(value) : value]));
}

/** Fields that are added up. */
export function summedFields(aggregates: readonly VectorAggregate[]): ReadonlySet<string> {
  return new Set(aggregates.flatMap(({ fn, field }) => (field !== undefined && (fn === "sum" || fn === "avg") ? [field] : [])));
}

/** Fields that a vector names, whether a record has them or not. */
export function namedFields({
  keyBy,
  aggregates,
}: {
  readonly keyBy: readonly string[];
  readonly aggregates: readonly VectorAggregate[];
}): readonly string[] {
  return [...keyBy, ...aggregates.flatMap(({ field }) => field ?? [])];
}

/** The window columns of a result under the names of the vectors, beside all its own. */
export function withVectorNames(fields: Row): Row {
  const { window_start, window_end, window_id, last_event_time, duration: _, ...rest } = fields;
  const times = { windowStart: window_start, windowEnd: window_end, windowTime: Number(window_end) - 1, lastTs: last_event_time };
  return { ...rest, ...times, windowId: window_id };
}

/** The members of a row that another has too. */
export function pick(row: Row, names: readonly string[]): Row {
  return Object.fromEntries(names.map((name) => [name, row[name]]));
}

function operatorOf(run: WindowRun, input: StreamType): Parameters<typeof compiledHarness>[0] {
  const { window, keyBy, allowedLatenessMs, output, early, panes, time } = run;
  const aggregates = run.aggregates.map((aggregate) => aggregateSpec(aggregate, input));
  if (window.kind === "count") {
    return {
      op: "count-window",
      input: handDriven,
      keyBy,
      size: window.size,
      slide: window.slide,
      aggregates,
      incomplete: false,
      ttlMs: null,
    };
  }
  const spec = windowSpec(window);
  if (aggregates.length === 0) return { op: "assign-windows", input: handDriven, keyBy, window: spec };
  const more = {
    ...(early === undefined ? {} : { early }),
    ...(panes === undefined ? {} : { panes }),
    ...(time === undefined ? {} : { time }),
  };
  return { op: "window-aggregate", input: handDriven, keyBy, window: spec, aggregates, allowedLatenessMs, output, ...more };
}

export function windowSpec(window: Exclude<VectorWindow, { readonly kind: "count" }>): WindowSpec {
  switch (window.kind) {
    case "tumbling":
      return { kind: "tumbling", sizeMs: window.sizeMs, offsetMs: window.offsetMs ?? 0 };
    case "hopping":
      return { kind: "hopping", sizeMs: window.sizeMs, slideMs: window.slideMs, offsetMs: window.offsetMs ?? 0 };
    case "cumulative":
      return { kind: "cumulate", maxSizeMs: window.maxSizeMs, stepMs: window.stepMs, offsetMs: window.offsetMs ?? 0 };
    case "session":
      return { kind: "session", gapMs: window.gapMs, maxDurationMs: null };
    default:
      throw new Error(`there are no windows of kind ${JSON.stringify((window as { readonly kind: unknown }).kind)}`);
  }
}

/** What vectors call aggregates; a fold of strings and a concatenation are made of the values that were collected. */
const functions: Readonly<Record<string, AggregateFunction>> = {
  count: "count",
  sum: "sum",
  avg: "avg",
  min: "min",
  max: "max",
  countDistinct: "count_distinct",
  first: "first",
  last: "last",
  concatDistinct: "collect",
  arrayAgg: "collect",
};

function aggregateSpec({ fn, field, as }: VectorAggregate, input: StreamType): AggregateSpec<TypedExpression> {
  const fold = foldOf(fn);
  const known = fold === null ? functions[fn] : "collect";
  if (known === undefined) throw new Error(`there is no aggregate ${fn}`);
  const name = fold === null ? field : fold.field;
  return { as, fn: known, argument: name === undefined ? null : fieldOf(input, name), filter: null };
}

interface Fold {
  readonly initial: string;
  readonly separator: string;
  readonly field: string;
}

/** `fold: initial '0', then acc + '+' + value`. */
function foldOf(fn: string): Fold | null {
  const found = /^fold: initial '(.*)', then acc \+ '(.*)' \+ (\w+)$/.exec(fn);
  return found === null ? null : { initial: found[1], separator: found[2], field: found[3] };
}

/** A result as vectors write it: a fold over the collected values as text, distinct values sorted. */
export function vectorResult({ fn }: VectorAggregate, value: unknown): unknown {
  const fold = foldOf(fn);
  if (fold !== null && Array.isArray(value)) return [fold.initial, ...value].join(fold.separator);
  if (fn === "concatDistinct" && Array.isArray(value)) return [...new Set(value)].sort();
  return value;
}

/** A row with its results as vectors write them. */
export function withVectorResults(row: Row, aggregates: readonly VectorAggregate[]): Row {
  return { ...row, ...Object.fromEntries(aggregates.map((aggregate) => [aggregate.as, vectorResult(aggregate, row[aggregate.as])])) };
}
