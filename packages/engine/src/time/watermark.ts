/**
 * Watermark `W` asserts: no further record with time <= W. A record is on time if its time > W.
 * `noWatermark` is what a stream has before any data; `endOfTime` ends a bounded stream.
 */
export const noWatermark = Number.NEGATIVE_INFINITY;
export const endOfTime = Number.POSITIVE_INFINITY;

/** How a source makes watermarks from its records. Durations in ms. */
export interface WatermarkStrategy {
  /**
   * `bounded`: W = max(ts) - disorder - 1. `punctuated`: W = m - 1 for the greatest time m that an expression over the
   * records has given; other records do not move it. `processing`: records are stamped with the clock. `none`: no event time.
   */
  readonly kind: "bounded" | "punctuated" | "processing" | "none";
  readonly disorderMs: number;
  /** A split without records for this long (processing time) no longer holds back the watermark; null = never. */
  readonly idleTimeoutMs: number | null;
  /** What happens to a record whose time is NULL. */
  readonly nullTime: "fail" | "drop" | "keep";
  /** What happens to records whose time is far ahead of the clock. Absent: nothing, they count as all others. */
  readonly future?: FutureGuard;
  /** Not to run ahead of other splits. Absent: every split goes as fast as it can. */
  readonly alignment?: Alignment;
}

/** Records that are more than `aheadMs` ahead of the clock are dead letters, or go on (`hold`); neither moves the watermark. */
export interface FutureGuard {
  readonly aheadMs: number;
  readonly policy: "dead-letter" | "hold";
}

/** A split whose watermark is more than `maxDriftMs` ahead of the least in the group is not read until that has caught up. */
export interface Alignment {
  /** Sources of one pipeline with the same name wait for one another. */
  readonly group: string;
  readonly maxDriftMs: number;
}
