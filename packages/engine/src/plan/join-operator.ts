import type { WindowSpec } from "./logical-operator.ts";

/** The joins among the logical operators. Ports: `out` first, then those of late records. */
export type JoinOperator<I> = IntervalJoin<I> | WindowJoin<I> | TemporalJoin<I> | SnapshotJoin<I> | RegularJoin<I>;

/** Two fields that must be equal. They are of one type; NULL equals nothing. */
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
  /** Goes before the name of a right field that the left has too. */
  readonly rightPrefix: string;
}

/**
 * Joins records of one key that lie close in time: `l.ts + lowerMs <= r.ts <= l.ts + upperMs`, both ends included.
 * The event time of a pair is the later of the two. A record that is to come out although it has no partner comes
 * out once, when none can come any more, with its own event time; the watermark is held back for as long.
 * Ports: `out`, `late_left`, `late_right`.
 */
export interface IntervalJoin<I> extends JoinInputs<I> {
  readonly op: "interval-join";
  readonly kind: "inner" | "left" | "right" | "full";
  /** null: not bounded, which is refused, as the state would grow for ever. */
  readonly lowerMs: number | null;
  readonly upperMs: number | null;
}

/**
 * Joins records of one key that lie in the same window. Everything comes out when the window closes, with the event
 * time `window_end - 1`. `semi`: the left records that have a partner, once each; `anti`: those that have none.
 * Output fields: those of the left, `window_start` and `window_end` unless the left has fields of these names, those of
 * the right (not for `semi` and `anti`). Ports: `out`, `late_left`, `late_right` (records all of whose windows are closed).
 */
export interface WindowJoin<I> extends JoinInputs<I> {
  readonly op: "window-join";
  readonly kind: "inner" | "left" | "right" | "full" | "semi" | "anti";
  readonly window: Extract<WindowSpec, { readonly kind: "tumbling" | "hopping" }>;
}

/**
 * Joins each left record with the version of the right that was valid at its time: of one key, the latest right record
 * with `r.ts <= l.ts`; of two with one time, the one that came last. A right record that is deleted or taken back ends the validity.
 * Left records wait until the watermark of both sides has reached them; they keep their event time and their row kind,
 * and come out in the order in which they came. Ports: `out`, `late_left`.
 */
export interface TemporalJoin<I> extends JoinInputs<I> {
  readonly op: "temporal-join";
  readonly kind: "inner" | "left";
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
