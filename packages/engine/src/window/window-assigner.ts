import type { HoppingWindow, TumblingWindow } from "../plan/logical-operator.ts";

/** A half-open interval of event time, ms since the epoch. */
export interface TimeWindow {
  readonly startMs: number;
  readonly endMs: number;
}

/** Start of the tumbling window that holds `timeMs`; also for times before the epoch. Offsets count modulo the size. */
export function tumbleStart(timeMs: number, sizeMs: number, offsetMs: number): number {
  const within = (timeMs - offsetMs) % sizeMs;
  return timeMs - (within < 0 ? within + sizeMs : within);
}

/** The windows that hold `timeMs`, earliest first. None when hops are longer than windows and it falls between two. */
export function windowsOf(window: TumblingWindow | HoppingWindow, timeMs: number): readonly TimeWindow[] {
  const { sizeMs, offsetMs } = window;
  const slideMs = window.kind === "hopping" ? window.slideMs : sizeMs;
  const windows: TimeWindow[] = [];
  for (let startMs = tumbleStart(timeMs, slideMs, offsetMs); startMs > timeMs - sizeMs; startMs -= slideMs) {
    windows.unshift({ startMs, endMs: startMs + sizeMs });
  }
  return windows;
}
