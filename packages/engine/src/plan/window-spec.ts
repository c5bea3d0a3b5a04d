/** Window assigners. All durations in ms; windows are half-open `[start, end)`. */
export type WindowSpec = FixedWindow | SessionWindow;

/** Windows whose bounds do not depend on records. */
export type FixedWindow = TumblingWindow | HoppingWindow;

export interface TumblingWindow {
  readonly kind: "tumbling";
  readonly sizeMs: number;
  readonly offsetMs: number;
}

export interface HoppingWindow {
  readonly kind: "hopping";
  readonly sizeMs: number;
  readonly slideMs: number;
  readonly offsetMs: number;
}

/**
 * Records of one key that are at most `gapMs` apart. `window_start` is the first record, `window_end` the last plus the gap.
 * A record `maxDurationMs` or more after the first begins a new session; null = no limit.
 */
export interface SessionWindow {
  readonly kind: "session";
  readonly gapMs: number;
  readonly maxDurationMs: number | null;
}
