import type { WatermarkStrategy } from "../time/watermark.ts";
import type { Field } from "../types/field-type.ts";
import type { JsonObject } from "../types/json-value.ts";
import type { Changelog } from "../types/stream-type.ts";
import type { FeatureFlag } from "./flag-operator.ts";
import type { JoinOperator } from "./join-operator.ts";
import type { LookupJoin } from "./lookup-operator.ts";
import type { PaneOperator, Panes, Trigger } from "./pane-operator.ts";
import type { PatternMatch } from "./pattern-operator.ts";
import type { RecordOperator } from "./record-operator.ts";
import type { WindowSpec } from "./window-spec.ts";

export type * from "./window-spec.ts";

/**
 * THE closed union of logical operators. Everything that runs, is explained or is exported is one of
 * these; an exhaustive switch over `op` is the way to consume it.
 *
 * `E` is how an expression stands: text (as nodes lower it) or typed (as the planner leaves it).
 * `I` is how an input stands: a reference to an operator object, or to a planned operator's id.
 */
export type LogicalOperator<E, I> =
  | Source<E>
  | Filter<E, I>
  | Project<E, I>
  | KeyBy<I>
  | WindowAggregate<E, I>
  | Branch<E, I>
  | Union<I>
  | ThresholdAlert<E, I>
  | FeatureFlag<E, I>
  | PaneOperator<E, I>
  | PatternMatch<E, I>
  | JoinOperator<I>
  | LookupJoin<E, I>
  | RecordOperator<E, I>
  | Sink<I>;

/** Ports: `out`, `dead_letter` (records that could not be decoded), `late` is decided downstream. */
export interface Source<E = string> {
  readonly op: "source";
  /** Name in the connector registry: `file`, `generator`, … */
  readonly connector: string;
  /** The connector's own options, validated by the node. */
  readonly options: JsonObject;
  readonly format: Format;
  /** What the records hold. */
  readonly fields: readonly Field[];
  /** The field that carries the event time; null in processing time or without time. */
  readonly timeField: string | null;
  readonly watermark: WatermarkStrategy;
  /**
   * Of punctuated watermarks alone: a condition, TRUE for a record before whose time nothing follows, or a time (a bigint is
   * ms since the epoch) before which nothing follows.
   */
  readonly punctuation?: E;
  /** Records per event-time second are replayed `speed` times as fast as they happened; null = as fast as possible. */
  readonly pace: { readonly speed: number } | null;
}

/** How bytes become records and back. `columns`: the connector hands over batches itself. */
export type Format =
  | { readonly kind: "json" }
  | { readonly kind: "csv"; readonly delimiter: string; readonly header: boolean }
  | { readonly kind: "columns" };

/** Keeps the records for which `where` is TRUE. Ports: `out`, when strict `dead_letter`. */
export interface Filter<E, I> {
  readonly op: "filter";
  readonly input: I;
  readonly where: E;
  /**
   * Records on which an expression fails leave by `dead_letter`: it is NULL there although every field that it reads has a
   * value. Absent: the NULL stands.
   */
  readonly strict?: boolean;
}

/** Computes new fields. Ports: `out`, `dead_letter` (when strict: records on which an expression failed). */
export interface Project<E, I> {
  readonly op: "project";
  readonly input: I;
  readonly fields: readonly NamedExpression<E>[];
  /**
   * Records on which an expression fails leave by `dead_letter`: it is NULL there although every field that it reads has a
   * value. Absent: the NULL stands.
   */
  readonly strict?: boolean;
}

export interface NamedExpression<E> {
  readonly name: string;
  readonly value: E;
}

/** Declares by which fields the stream is keyed; keyed operators downstream use them when they name none. Ports: `out`. */
export interface KeyBy<I> {
  readonly op: "key-by";
  readonly input: I;
  readonly fields: readonly string[];
}

/**
 * `approx_count_distinct`: within 2.3 % (standard error). `median`, `p90`, `p95`, `p99`, and `percentile` of any fraction:
 * within 1 % of the value at that rank. `most_frequent`, `top_k` (the greatest): an array of up to `limit` values, ten unless
 * said. `collect`: an array of all values in order of arrival, or of the first `limit`. `string_agg`: strings in order of
 * arrival, or the first `limit`, with `separator` between, a comma unless said. `first`, `last`: by event time; values without
 * one count only while none has one.
 */
export type AggregateFunction =
  | "count"
  | "sum"
  | "avg"
  | "min"
  | "max"
  | "count_distinct"
  | "approx_count_distinct"
  | "stddev_samp"
  | "stddev_pop"
  | "median"
  | "p90"
  | "p95"
  | "p99"
  | "percentile"
  | "most_frequent"
  | "top_k"
  | "first"
  | "last"
  | "collect"
  | "string_agg";

/** What some functions take beside their argument; see `AggregateFunction`. */
export interface AggregateOptions {
  /** From 0 to 1. */
  readonly fraction?: number;
  readonly limit?: number;
  readonly separator?: string;
}

export interface AggregateSpec<E> extends AggregateOptions {
  /** Name of the output field. */
  readonly as: string;
  readonly fn: AggregateFunction;
  /** What is aggregated; null only for `count`, which then counts records. NULL values are ignored. */
  readonly argument: E | null;
  /** Only records for which this is TRUE are aggregated; null = all. */
  readonly filter: E | null;
}

/**
 * Aggregates per key and event-time window. Output fields: the key fields, `window_start`,
 * `window_end` (timestamps), of sessions `last_event_time` and `duration`, then the aggregates; event time = window_end - 1.
 * Ports: `out`, `late` (records of the input type for which every window is closed).
 */
export interface WindowAggregate<E, I> {
  readonly op: "window-aggregate";
  readonly input: I;
  /** Key fields; empty = those of the input's `key`, or one global group when that is empty too. */
  readonly keyBy: readonly string[];
  readonly window: WindowSpec;
  readonly aggregates: readonly AggregateSpec<E>[];
  readonly allowedLatenessMs: number;
  /** `append`: a window is emitted once, at its close (max end + lateness). `update`: fired at its end and again by late records. `retract`: the same with -U/+U. A session whose times change is deleted (-D) and comes anew. */
  readonly output: Changelog;
  /** Results that come before a window closes, as updates or retractions, or as panes that are discarded. Absent: none. */
  readonly early?: Trigger;
  /** `discarding`: each result holds only the records since the last one; `output` is `append`, and late records come as further rows. Absent: accumulating. */
  readonly panes?: Panes;
  /** `processing`: records count when they come, and windows close by the clock. Absent: event time. */
  readonly time?: "event" | "processing";
}

/**
 * Each record goes to the first branch whose condition is TRUE, or to every one; else to `otherwise`. Ports: the branches'
 * names, `otherwise`, when strict `dead_letter`.
 */
export interface Branch<E, I> {
  readonly op: "branch";
  readonly input: I;
  readonly branches: readonly NamedExpression<E>[];
  /** Absent: only to the first. */
  readonly every?: boolean;
  /**
   * Records on which an expression fails leave by `dead_letter`: it is NULL there although every field that it reads has a
   * value. Absent: the NULL stands.
   */
  readonly strict?: boolean;
}

/** All records of all inputs; the inputs have the same fields. Ports: `out`. */
export interface Union<I> {
  readonly op: "union";
  readonly inputs: readonly I[];
}

/**
 * Raises an alert per key when `raiseWhen` turns TRUE, clears it when `clearWhen` turns TRUE
 * (hysteresis), and stays silent in between. Output fields: `alert_key` string, `transition`
 * ('raised' | 'cleared' | 'repeated'), `severity`, `title`, `raised_at`, `at` timestamps, then the
 * fields of the record that caused it. Ports: `out`, when strict `dead_letter`.
 */
export interface ThresholdAlert<E, I> {
  readonly op: "threshold-alert";
  readonly input: I;
  readonly keyBy: readonly string[];
  readonly raiseWhen: E;
  /** null: cleared as soon as `raiseWhen` is not TRUE. */
  readonly clearWhen: E | null;
  /** After raising, no further alert for this key within this event time, even when cleared and raised again; 0 = none. */
  readonly suppressMs: number;
  /** While raised, a `repeated` alert at most this often; null = never. */
  readonly repeatMs: number | null;
  readonly severity: "info" | "warning" | "critical";
  /** The title of the alert. A node lowers a template (text with `{expression}` holes); planned, it is a string expression. */
  readonly title: E;
  /**
   * Records on which a condition fails leave by `dead_letter`: it is NULL there although every field that it reads has a
   * value. Absent: they count as ones for which it is not TRUE.
   */
  readonly strict?: boolean;
}

/** Hands records to the outside, exactly once per committed checkpoint where the connector can. No ports. */
export interface Sink<I> {
  readonly op: "sink";
  readonly input: I;
  readonly connector: string;
  readonly options: JsonObject;
  readonly format: Format;
  /** Rows are only ever added outside, so that rows which are replaced or taken back are refused. Absent: all are taken. */
  readonly appendOnly?: boolean;
}

/** An operator as nodes lower it: expressions are text, inputs refer to operator objects. */
export type LoweredOperator = LogicalOperator<string, OperatorOutput>;

/** One port of an operator that a node lowered to. */
export interface OperatorOutput {
  readonly operator: LoweredOperator;
  readonly port: string;
}

/** One port of an operator. */
export function outputOf(operator: LoweredOperator, port = "out"): OperatorOutput {
  return { operator, port };
}

/** One port of a planned operator. */
export interface PlanInput {
  readonly operator: string;
  readonly port: string;
}
