import type { AggregateSpec } from "./logical-operator.ts";

/** Operators over the records of one stream: which of them go on, how often, and what is put beside them. */
export type RecordOperator<E, I> = Deduplicate<I> | LookBack<E, I> | TopN<E, I> | Unnest<I> | Sample<I> | RateLimit<I>;

/**
 * One record of each key within a length of event time. `first`: the first to arrive goes on, the others are dropped.
 * `last`: each record replaces the one before it, unless it is older; the rows are updates by key.
 * A key is known until the watermark passes its record by the TTL. Ports: `out`, `late` (late records of keys that are
 * not known; they may have been).
 */
export interface Deduplicate<I> {
  readonly op: "deduplicate";
  readonly input: I;
  /** Key fields; empty = those of the input's `key`. */
  readonly keyBy: readonly string[];
  readonly keep: "first" | "last";
  readonly ttlMs: number;
}

/**
 * For every record at t the aggregates over the records of its key in (t - range, t]; records of the same time are
 * peers, and all of them count. A record comes out when the watermark reaches its time. Output fields: those of the
 * input, then the aggregates. Ports: `out`, `late`.
 */
export interface LookBack<E, I> {
  readonly op: "look-back";
  readonly input: I;
  /** Key fields; empty = those of the input's `key`, or one global group when that is empty too. */
  readonly keyBy: readonly string[];
  readonly rangeMs: number;
  readonly aggregates: readonly AggregateSpec<E>[];
}

/**
 * The first `limit` records of each key and tumbling window, ranked by an expression; of equal ones the first to
 * arrive is first, and NULL and NaN are last. Output fields: `window_start`, `window_end`, `rank` (from 1), then those of
 * the input that are not called so; event time = window_end - 1. Ports: `out`, `late`.
 */
export interface TopN<E, I> {
  readonly op: "top-n";
  readonly input: I;
  /** Key fields; empty = those of the input's `key`, or one global group when that is empty too. */
  readonly keyBy: readonly string[];
  readonly by: E;
  readonly order: "ascending" | "descending";
  readonly limit: number;
  readonly sizeMs: number;
  readonly offsetMs: number;
  /** `append`: at the end of the window. `update`: whenever a rank changes, as updates by key, window and rank. */
  readonly output: "append" | "update";
  /** `keep`: also records that are as good as the last of them, so that there may be more; equal values share a rank, and the ranks behind them are left out, as with RANK of SQL. Only with `append`. Absent: `cut`. */
  readonly ties?: "cut" | "keep";
}

/**
 * A record for each element of an array. The element takes the place of the array, under a name of its own. What is no
 * array counts as an empty one, or when strict leaves by the port `dead_letter`. Ports: `out`, when strict `dead_letter`.
 */
export interface Unnest<I> {
  readonly op: "unnest";
  readonly input: I;
  readonly field: string;
  readonly as: string;
  /** Name of a field behind the others with the position, from 1; null = none. */
  readonly position: string | null;
  /** A record with an empty array comes out once, with NULL for the element and the position. */
  readonly keepEmpty: boolean;
  /** Absent: false. */
  readonly strict?: boolean;
}

/** All records of a share of the keys, chosen by a hash of the key: the same ones always and everywhere. Ports: `out`, `rest` where it is wanted. */
export interface Sample<I> {
  readonly op: "sample";
  readonly input: I;
  readonly keyBy: readonly string[];
  /** 0 to 1. */
  readonly share: number;
  /** All other records leave by the port `rest`. Absent: they are left out. */
  readonly rest?: boolean;
}

/**
 * The first `limit` records to arrive of each key and interval of event time. Intervals are aligned to the epoch.
 * Ports: `out`, `over`, `late` (records whose interval the watermark has passed).
 */
export interface RateLimit<I> {
  readonly op: "rate-limit";
  readonly input: I;
  readonly keyBy: readonly string[];
  readonly limit: number;
  readonly intervalMs: number;
}
