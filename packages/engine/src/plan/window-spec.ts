/** Window assigners. All durations in ms; windows are half-open `[start, end)`. */
export type WindowSpec = FixedWindow | SessionWindow;

/** Windows whose bounds do not depend on records. */
export type FixedWindow = TumblingWindow | HoppingWindow | CumulateWindow | CalendarWindow;

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

/** A window for every step from the start of a period on: all of them start with it, and each is a step longer than the one before. */
export interface CumulateWindow {
  readonly kind: "cumulate";
  /** Length of the period; a multiple of the step. */
  readonly maxSizeMs: number;
  readonly stepMs: number;
  readonly offsetMs: number;
}

/** Weeks are those of ISO 8601: they begin on Monday. */
export type CalendarUnit = "day" | "week" | "month";

/** Windows that follow the calendar of a time zone; they are not all of one length. */
export interface CalendarWindow {
  readonly kind: "calendar";
  readonly unit: CalendarUnit;
  /** IANA name. */
  readonly zone: string;
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
