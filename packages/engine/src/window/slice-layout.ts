import type { FixedWindow } from "../plan/window-spec.ts";
import { CalendarLayout } from "./calendar-layout.ts";
import { CumulateLayout } from "./cumulate-layout.ts";
import { HoppingLayout } from "./hopping-layout.ts";

/**
 * Cuts time into slices at every start and end of a window, so that each window is a run of whole slices and
 * each record belongs to one. Windows and slices are numbered, windows by their ends; numbers may be infinite
 * where they say "all" or "none". The first slices of windows never go back as window numbers rise.
 */
export interface SliceLayout {
  /** Each window is one slice of its own. */
  readonly single: boolean;
  /** The slice that holds a time. */
  sliceAt(timeMs: number): number;
  sliceStartMs(slice: number): number;
  sliceEndMs(slice: number): number;
  /** The earliest window that holds a slice. It is after `lastWindow` where no window does. */
  firstWindow(slice: number): number;
  /** The latest window that holds a slice. */
  lastWindow(slice: number): number;
  /** The first slice of a window. */
  firstSlice(window: number): number;
  /** The slice after the last one of a window. */
  endSlice(window: number): number;
  windowStartMs(window: number): number;
  windowEndMs(window: number): number;
  /** The latest window with `maxTs + delayMs <= watermark`. */
  windowsThrough(watermark: number, delayMs: number): number;
}

/** The layout for a kind of window. */
export function createSliceLayout(window: FixedWindow): SliceLayout {
  switch (window.kind) {
    case "tumbling":
      return new HoppingLayout({ ...window, slideMs: window.sizeMs });
    case "hopping":
      return new HoppingLayout(window);
    case "cumulate":
      return new CumulateLayout(window);
    case "calendar":
      return new CalendarLayout(window);
  }
}
