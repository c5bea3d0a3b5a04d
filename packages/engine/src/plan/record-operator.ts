import type { AggregateSpec } from "./logical-operator.ts";

/** Operators over the records of one stream that keep their fields: which of them go on, how often, and what is put beside them. */
export type RecordOperator<E, I> = Deduplicate<I> | LookBack<E, I>;

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
