/**
 * Watermark `W` asserts: no further record with time <= W. A record is on time if its time > W.
 * `noWatermark` is what a stream has before any data; `endOfTime` ends a bounded stream.
 */
export const noWatermark = Number.NEGATIVE_INFINITY;
export const endOfTime = Number.POSITIVE_INFINITY;

/** How a source makes watermarks from its records. Durations in ms. */
export interface WatermarkStrategy {
  /** `bounded`: W = max(ts) - disorder - 1. `processing`: records are stamped with the clock. `none`: no event time. */
  readonly kind: "bounded" | "processing" | "none";
  readonly disorderMs: number;
  /** A split without records for this long (processing time) no longer holds back the watermark; null = never. */
  readonly idleTimeoutMs: number | null;
  /** What happens to a record whose time is NULL. */
  readonly nullTime: "fail" | "drop" | "keep";
}
