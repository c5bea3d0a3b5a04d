import type { AggregateFunction, AggregateSpec, Changelog, StreamType, TypedExpression, WindowSpec } from "@millrace/engine";
import { compiledHarness, fieldOf, type HarnessRecord, handDriven, type OperatorHarness } from "@millrace/engine/testing";

/** A window as vectors write it. */
export type VectorWindow =
  | { readonly kind: "tumbling"; readonly sizeMs: number; readonly offsetMs?: number }
  | { readonly kind: "hopping"; readonly sizeMs: number; readonly slideMs: number; readonly offsetMs?: number }
  | { readonly kind: "cumulative"; readonly maxSizeMs: number; readonly stepMs: number; readonly offsetMs?: number }
  | { readonly kind: "session"; readonly gapMs: number }
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
  readonly aggregates: readonly VectorAggregate[];
  readonly allowedLatenessMs: number;
  readonly output: Changelog;
}

/** A harness around the operator that a vector describes. Throws where Millrace does not have what it asks for. */
export function windowRun(run: WindowRun, input: StreamType): OperatorHarness {
  return compiledHarness(
    {
      op: "window-aggregate",
      input: handDriven,
      keyBy: run.keyBy,
      window: windowSpec(run.window),
      aggregates: run.aggregates.map((aggregate) => aggregateSpec(aggregate, input)),
      allowedLatenessMs: run.allowedLatenessMs,
      output: run.output,
    },
    [input],
    { timeOf: (record: HarnessRecord) => Number(record[timeField]) },
  );
}

/** The member of a record that carries its time beside its fields. */
export const timeField = "@time";

/** The window columns of a result under the names of the vectors, beside all its own. */
export function withVectorNames(fields: Row): Row {
  const { window_start, window_end, last_event_time, duration: _, ...rest } = fields;
  return { ...rest, windowStart: window_start, windowEnd: window_end, windowTime: Number(window_end) - 1, lastTs: last_event_time };
}

/** The members of a row that another has too. */
export function pick(row: Row, names: readonly string[]): Row {
  return Object.fromEntries(names.map((name) => [name, row[name]]));
}

function windowSpec(window: VectorWindow): WindowSpec {
  switch (window.kind) {
    case "tumbling":
      return { kind: "tumbling", sizeMs: window.sizeMs, offsetMs: window.offsetMs ?? 0 };
    case "hopping":
      return { kind: "hopping", sizeMs: window.sizeMs, slideMs: window.slideMs, offsetMs: window.offsetMs ?? 0 };
    case "cumulative":
      return { kind: "cumulate", maxSizeMs: window.maxSizeMs, stepMs: window.stepMs, offsetMs: window.offsetMs ?? 0 };
    case "session":
      return { kind: "session", gapMs: window.gapMs, maxDurationMs: null };
    case "count":
      throw new Error("there are no windows by count");
  }
}

const functions: Readonly<Record<string, AggregateFunction>> = {
  count: "count",
  sum: "sum",
  min: "min",
  max: "max",
  countDistinct: "count_distinct",
};

function aggregateSpec({ fn, field, as }: VectorAggregate, input: StreamType): AggregateSpec<TypedExpression> {
  const known = functions[fn];
  if (known === undefined) throw new Error(`there is no aggregate ${fn}`);
  return { as, fn: known, argument: field === undefined ? null : fieldOf(input, field), filter: null };
}
