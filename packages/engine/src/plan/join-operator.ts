import type { WindowSpec } from "./logical-operator.ts";

/** The joins among the logical operators. Ports: `out` first, then those of late records. */
export type JoinOperator<I> = IntervalJoin<I> | WindowJoin<I> | TemporalJoin<I> | SnapshotJoin<I> | RegularJoin<I>;

/** Two fields that must be equal. They are of one type; NULL equals nothing, unless the join says that it does. */
export interface JoinKey {
  readonly left: string;
  readonly right: string;
}

/** What all joins have. Output fields: those of the left, then those of the right; see `joinedFields`. */
export interface JoinInputs<I> {
  readonly left: I;
  readonly right: I;
  /** Empty: every record is of one key. */
  readonly on: readonly JoinKey[];
  /** NULL in a key equals NULL, as with IS NOT DISTINCT FROM. Absent: NULL equals nothing. */
  readonly nullsMatch?: boolean;
  /** Goes before the name of a right field that the left has too. */
  readonly rightPrefix: string;
}

/**
 * Joins records of one key that lie close in time: `l.ts + lowerMs <= r.ts <= l.ts + upperMs`, both ends included.
 * The event time of a pair is the later of the two. A record that is to come out although it has no partner comes
 * out once, when none can come any more, with its own event time; the watermark is held back for as long. With
 * `unmatched: "at-once"` it comes out the moment it has no partner yet, and its pairs follow all the same: nothing is
 * held back and nothing is taken back.
 *
 * Records that are late by at most `latenessMs` still meet what is kept, which is kept for as much longer; without a
 * partner they come out at once where their side comes out alone. What has been said to be alone may still be in a pair
 * then. The watermark is held back by the lateness. Ports: `out`, `late_left`, `late_right`.
 */
export interface IntervalJoin<I> extends JoinInputs<I> {
  readonly op: "interval-join";
  readonly kind: "inner" | "left" | "right" | "full";
  /** null: not bounded, which is refused, as the state would grow for ever. */
  readonly lowerMs: number | null;
  readonly upperMs: number | null;
  /** When a record without a partner comes out. Absent: `closed`. */
  readonly unmatched?: "closed" | "at-once";
  /** Absent: 0. */
  readonly latenessMs?: number;
}

/**
 * Joins records of one key that lie in the same window. Everything comes out when the window closes, with the event
 * time `window_end - 1`. `semi`: the left records that have a partner, once each; `anti`: those that have none (NOT EXISTS
 * of SQL); `not-in`: as `anti`, but by the three values of SQL's NOT IN: in a window with a right record whose key is NULL
 * none comes out, and a left record whose key is NULL only where the window has no right record at all.
 * Output fields: those of the left, `window_start` and `window_end` unless the left has fields of these names, those of
 * the right (not for `semi`, `anti` and `not-in`). Ports: `out`, `late_left`, `late_right` (records all of whose windows are closed).
 */
export interface WindowJoin<I> extends JoinInputs<I> {
  readonly op: "window-join";
  readonly kind: "inner" | "left" | "right" | "full" | "semi" | "anti" | "not-in";
  readonly window: Extract<WindowSpec, { readonly kind: "tumbling" | "hopping" }>;
}

/**
 * Joins each left record with the version of the right that was valid at its time: of one key, the latest right record
 * with `r.ts <= l.ts`; of two with one time, the one that came last. A right record that is deleted or taken back ends the validity.
 * Left records wait until the watermark of both sides has reached them; they keep their event time and their row kind,
 * and come out in the order in which they came. Left records that are late by at most `latenessMs` are joined at once with
 * the version of their time; versions are kept for as much longer, and the watermark is held back by it. Ports: `out`, `late_left`.
 */
export interface TemporalJoin<I> extends JoinInputs<I> {
  readonly op: "temporal-join";
  readonly kind: "inner" | "left";
  /** Absent: 0. */
  readonly latenessMs?: number;
}

/**
 * Loads the right into a table by key, then joins each left record at once with what the table holds. Loading ends when
 * the watermark of the right reaches `loadUntilMs`, when the right has ended, or when it has been silent for `idleMs` of
 * processing time; left records wait until then, at most `maxBufferedRecords` of them. Not deterministic by design: what
 * a record meets depends on what has arrived. Ports: `out`, `overflow` (left records for which there was no room).
 */
export interface SnapshotJoin<I> extends JoinInputs<I> {
  readonly op: "snapshot-join";
  readonly kind: "inner" | "left";
  /** Event time, ms since the epoch; null: the processing time at which the operator ran first. */
  readonly loadUntilMs: number | null;
  /** null: silence does not end the loading. */
  readonly idleMs: number | null;
  readonly maxBufferedRecords: number;
}

/**
 * Joins every record with all records of its key that the other side has, as SQL joins two tables: both are kept, and
 * what comes out is a changelog that takes back what no longer holds. Records are forgotten in silence when the watermark
 * has passed them by the time to live of their side; what they took part in stays as it was said. Rows that come out have
 * no event time. Ports: `out`.
 */
export interface RegularJoin<I> extends JoinInputs<I> {
  readonly op: "regular-join";
  readonly kind: "inner" | "left" | "right" | "full";
  /** null: for ever, which is refused. */
  readonly leftTtlMs: number | null;
  readonly rightTtlMs: number | null;
}
