import type { FixedWindow } from "../plan/logical-operator.ts";

/**
 * Cuts time into slices at every start and end of a window, so that each window is a run of whole slices and
 * each record belongs to one. Where the slide divides the size, a slice is a slide long; where it does not,
 * each slide has a pair of them (Krishnamurthy et al., "On-the-fly sharing for streamed aggregation", 2006),
 * which are never more than with slices of the greatest common divisor.
 *
 * Windows and slices are numbered: window `k` starts at `offset + k * slide`. Numbers may be infinite where
 * they say "all" or "none".
 */
export class SliceLayout {
  readonly sizeMs: number;
  readonly slideMs: number;
  readonly offsetMs: number;
  /** Slices that begin in one slide: 1 or 2. */
  readonly perSlide: number;
  readonly perWindow: number;
  /** Length of the first slice of a slide. */
  readonly #firstMs: number;

  constructor(window: FixedWindow) {
    this.sizeMs = window.sizeMs;
    this.slideMs = window.kind === "hopping" ? window.slideMs : window.sizeMs;
    this.offsetMs = window.offsetMs;
    const rest = this.sizeMs % this.slideMs;
    this.perSlide = rest === 0 ? 1 : 2;
    this.perWindow = this.perSlide * Math.floor(this.sizeMs / this.slideMs) + (rest === 0 ? 0 : 1);
    this.#firstMs = rest === 0 ? this.slideMs : rest;
  }

  /** The slice that holds a time. */
  sliceAt(timeMs: number): number {
    const slide = Math.floor((timeMs - this.offsetMs) / this.slideMs);
    if (this.perSlide === 1) return slide;
    return 2 * slide + (timeMs - this.offsetMs - slide * this.slideMs < this.#firstMs ? 0 : 1);
  }

  sliceStartMs(slice: number): number {
    const slide = Math.floor(slice / this.perSlide);
    return this.offsetMs + slide * this.slideMs + (slice === slide * this.perSlide ? 0 : this.#firstMs);
  }

  sliceEndMs(slice: number): number {
    return this.sliceStartMs(slice + 1);
  }

  /** The earliest window that holds a slice. It is after `lastWindow` where no window does. */
  firstWindow(slice: number): number {
    return Math.ceil((slice - this.perWindow + 1) / this.perSlide);
  }

  /** The latest window that holds a slice. */
  lastWindow(slice: number): number {
    return Math.floor(slice / this.perSlide);
  }

  /** The first slice of a window; it has `perWindow`. */
  firstSlice(window: number): number {
    return window * this.perSlide;
  }

  windowStartMs(window: number): number {
    return this.offsetMs + window * this.slideMs;
  }

  /** The latest window with `maxTs + delayMs <= watermark`. */
  windowsThrough(watermark: number, delayMs: number): number {
    return Math.floor((watermark - delayMs + 1 - this.sizeMs - this.offsetMs) / this.slideMs);
  }
}
