import { aggregateResultType } from "../../aggregate/aggregate-table.ts";
import type { TypedExpression } from "../../expression/typed-expression.ts";
import type { AggregateFunction, AggregateOptions, AggregateSpec, WindowSpec } from "../../plan/logical-operator.ts";
import type { PlannedOperator } from "../../plan/logical-plan.ts";
import type { Panes, Trigger } from "../../plan/pane-operator.ts";
import { type HarnessOptions, OperatorHarness } from "../../testing/operator-harness.ts";
import { fieldOf, handDriven, planStepOf, streamOf } from "../../testing/plan-step.ts";
import { bigintType, booleanType, doubleType, intervalType, stringType, timestampType } from "../../types/field-type.ts";
import type { Changelog, StreamType } from "../../types/stream-type.ts";
import { createWindowAggregateOperator } from "../window-aggregate-operator.ts";

/** The stream that tests of windows aggregate. */
export const readings = streamOf(
  { at: timestampType, key: stringType, group: bigintType, value: doubleType, whole: bigintType, text: stringType, ok: booleanType },
  "at",
);

export interface Reading {
  readonly at: number;
  readonly key: string | null;
  readonly group: number | null;
  readonly value: number | null;
  readonly whole: number | null;
  readonly text: string | null;
  readonly ok: boolean | null;
}

/** What happens to a window aggregate in a test. */
export type WindowStep =
  | { readonly records: readonly (Reading & Record<string, unknown>)[] }
  | { readonly watermark: number }
  | { readonly restart: true };

/** A reading of which a test names what matters to it. */
export function reading(
  at: number,
  key: string | null = "a",
  value: number | null = 1,
  rest: Partial<Reading> = {},
): Reading & Record<string, unknown> {
  return { at, key, group: null, value, whole: null, text: null, ok: null, ...rest };
}

/** `argument` and `filter` are names of fields. */
export interface AggregateCase {
  readonly fn: AggregateFunction;
  readonly argument: keyof Reading | null;
  readonly filter: keyof Reading | null;
  readonly options?: AggregateOptions;
}

/** Every aggregate function over every type that it takes, some of them filtered. */
export const allAggregates: readonly AggregateCase[] = [
  { fn: "count", argument: null, filter: null },
  { fn: "count", argument: "value", filter: null },
  { fn: "count", argument: null, filter: "ok" },
  { fn: "sum", argument: "value", filter: null },
  { fn: "sum", argument: "whole", filter: null },
  { fn: "sum", argument: "value", filter: "ok" },
  { fn: "avg", argument: "value", filter: null },
  { fn: "avg", argument: "whole", filter: "ok" },
  { fn: "min", argument: "value", filter: null },
  { fn: "max", argument: "value", filter: null },
  { fn: "min", argument: "text", filter: null },
  { fn: "max", argument: "text", filter: "ok" },
  { fn: "max", argument: "at", filter: null },
  { fn: "count_distinct", argument: "text", filter: null },
  { fn: "count_distinct", argument: "whole", filter: "ok" },
  { fn: "count_distinct", argument: "ok", filter: null },
  { fn: "approx_count_distinct", argument: "text", filter: null },
  { fn: "most_frequent", argument: "text", filter: "ok" },
  { fn: "first", argument: "text", filter: null },
  { fn: "first", argument: "value", filter: "ok" },
  { fn: "last", argument: "ok", filter: null },
  { fn: "last", argument: "text", filter: null },
  { fn: "collect", argument: "value", filter: null },
  { fn: "collect", argument: "value", filter: null, options: { limit: 2 } },
  { fn: "most_frequent", argument: "text", filter: null, options: { limit: 1 } },
  { fn: "top_k", argument: "value", filter: null, options: { limit: 3 } },
  { fn: "string_agg", argument: "text", filter: null, options: { limit: 3, separator: " | " } },
  { fn: "collect", argument: "text", filter: "ok" },
  { fn: "string_agg", argument: "text", filter: null },
];

export interface WindowCase {
  readonly window: WindowSpec;
  readonly keyBy: readonly (keyof Reading)[];
  readonly aggregates: readonly AggregateCase[];
  readonly allowedLatenessMs: number;
  readonly output: Changelog;
  readonly early?: Trigger;
  readonly panes?: Panes;
  readonly time?: "event" | "processing";
}

/** The name of the result field of aggregate `i`. */
export function resultName({ fn, argument, filter, options }: AggregateCase): string {
  const limited = options === undefined ? null : "limited";
  return [fn, argument, filter, limited].filter((part) => part !== null).join("_");
}

/** A harness around a window aggregate over `readings`; `next`, when given, is what it is after each restart. */
export function windowHarness(of: WindowCase, options: Partial<HarnessOptions> = {}, input = readings, next = of): OperatorHarness {
  const outputs = { out: outputType(of), late: readings };
  let created = 0;
  const create = () => {
    const operator = windowAggregate(created++ === 0 ? of : next);
    return createWindowAggregateOperator(operator, planStepOf(operator, [input], outputs));
  };
  return new OperatorHarness({ create, inputs: [readings], outputs, ...options });
}

function windowAggregate(of: WindowCase): Extract<PlannedOperator, { op: "window-aggregate" }> {
  const { keyBy, window, allowedLatenessMs, output, early, panes, time } = of;
  return {
    ...(early === undefined ? {} : { early }),
    ...(panes === undefined ? {} : { panes }),
    ...(time === undefined ? {} : { time }),
    op: "window-aggregate",
    input: handDriven,
    keyBy,
    window,
    aggregates: of.aggregates.map(aggregateSpec),
    allowedLatenessMs,
    output,
  };
}

function aggregateSpec(of: AggregateCase): AggregateSpec<TypedExpression> {
  return {
    as: resultName(of),
    fn: of.fn,
    argument: of.argument === null ? null : fieldOf(readings, of.argument),
    filter: of.filter === null ? null : fieldOf(readings, of.filter),
    ...of.options,
  };
}

const sessionFields = [
  { name: "last_event_time", type: timestampType },
  { name: "duration", type: intervalType },
];

function outputType(of: WindowCase): StreamType {
  const results = of.aggregates.map(aggregateSpec).map(({ as, fn, argument }) => ({
    name: as,
    type: aggregateResultType(fn, argument?.type ?? null) ?? bigintType,
  }));
  return {
    fields: [
      ...readings.fields.filter(({ name }) => of.keyBy.some((key) => key === name)),
      { name: "window_start", type: timestampType },
      { name: "window_end", type: timestampType },
      ...(of.window.kind === "session" ? sessionFields : []),
      ...results,
    ],
    time: "event",
    timeField: null,
    changelog: of.output,
    key: of.keyBy,
  };
}
