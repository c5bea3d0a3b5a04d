import type { Changelog } from "../types/stream-type.ts";
import type { AggregateSpec } from "./logical-operator.ts";
import type { WindowSpec } from "./window-spec.ts";

/** Operators whose results do not wait for a window of time to close, and the one that only says which windows there are. */
export type PaneOperator<E, I> = RunningAggregate<E, I> | CountWindow<E, I> | AssignWindows<I>;

/**
 * When results come before a window closes, or of one that never does: after every so many records of a key, or when event
 * time (the watermark) or processing time has passed another multiple of an interval, of all keys that have changed.
 */
export type Trigger =
  | { readonly kind: "records"; readonly every: number }
  | { readonly kind: "event-time" | "processing-time"; readonly everyMs: number };

/** `accumulating`: each result holds all records. `discarding`: only those since the last result. */
export type Panes = "accumulating" | "discarding";

/**
 * Aggregates per key over all records so far: a window that never closes. Output fields: the key fields, then the
 * aggregates; event time = the latest one of the key's records, past the watermark. What has not been said at the end of
 * the input is said then. Rows of the input that take others back are taken out again, where all aggregates can do that.
 * Ports: `out`.
 */
export interface RunningAggregate<E, I> {
  readonly op: "running-aggregate";
  readonly input: I;
  /** Key fields; empty = those of the input's `key`, or one global group when that is empty too. */
  readonly keyBy: readonly string[];
  readonly aggregates: readonly AggregateSpec<E>[];
  readonly trigger: Trigger;
  readonly panes: Panes;
  /** A key begins anew with a record this long after its latest one, and is forgotten when none before that can be on time; null = never. */
  readonly ttlMs: number | null;
  /** `append`: each result is a row of its own. */
  readonly output: Changelog;
}

/**
 * Aggregates per key over every `size` records in order of arrival, a new window beginning every `slide` records. Output
 * fields: the key fields, `window_id` (from 0, per key), the aggregates; event time = the latest one of the window's records.
 * Ports: `out`.
 */
export interface CountWindow<E, I> {
  readonly op: "count-window";
  readonly input: I;
  /** Key fields; empty = those of the input's `key`, or one global group when that is empty too. */
  readonly keyBy: readonly string[];
  readonly size: number;
  readonly slide: number;
  readonly aggregates: readonly AggregateSpec<E>[];
  /** Windows that the end of the input finds incomplete come out then; otherwise never. */
  readonly incomplete: boolean;
  /** A key begins anew with a record this long after its latest one, and is forgotten when none before that can be on time; null = never. */
  readonly ttlMs: number | null;
}

/**
 * A record for each window that it belongs to, with `window_start` and `window_end` behind its fields; event time =
 * window_end - 1. Windows of fixed bounds need no state, and late records come out too: what follows decides. Records of a
 * session come out when it ends. Ports: `out`, `late` (records whose session is closed).
 */
export interface AssignWindows<I> {
  readonly op: "assign-windows";
  readonly input: I;
  /** Key fields of sessions; empty = those of the input's `key`, or one global group when that is empty too. */
  readonly keyBy: readonly string[];
  readonly window: WindowSpec;
}
