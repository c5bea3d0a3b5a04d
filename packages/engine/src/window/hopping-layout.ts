import type { SliceLayout } from "./slice-layout.ts";

/**
 * Hopping windows, and tumbling ones as those that slide by their size. Where the slide divides the size, a slice is a
 * slide long; where it does not, each slide has a pair of them (Krishnamurthy et al., "On-the-fly sharing for streamed
 * aggregation", 2006), which are never more than with slices of the greatest common divisor.
 *
 * Window `k` starts at `offset + k * slide`.
 */
export class HoppingLayout implements SliceLayout {
  readonly single: boolean;
  readonly #sizeMs: number;
  readonly #slideMs: number;
  readonly #offsetMs: number;
  /** Slices that begin in one slide: 1 or 2. */
  readonly #perSlide: number;
  readonly #perWindow: number;
  /** Length of the first slice of a slide. */
  readonly #firstMs: number;

  constructor(window: { readonly sizeMs: number; readonly slideMs: number; readonly offsetMs: number }) {
    this.#sizeMs = window.sizeMs;
    this.#slideMs = window.slideMs;
    this.#offsetMs = window.offsetMs;
    const rest = this.#sizeMs % this.#slideMs;
    this.#perSlide = rest === 0 ? 1 : 2;
    this.#perWindow = this.#perSlide * Math.floor(this.#sizeMs / this.#slideMs) + (rest === 0 ? 0 : 1);
    this.#firstMs = rest === 0 ? this.#slideMs : rest;
    this.single = this.#perWindow === 1;
  }

  sliceAt(timeMs: number): number {
    const slide = Math.floor((timeMs - this.#offsetMs) / this.#slideMs);
    if (this.#perSlide === 1) return slide;
    return 2 * slide + (timeMs - this.#offsetMs - slide * this.#slideMs < this.#firstMs ? 0 : 1);
  }

  sliceStartMs(slice: number): number {
    const slide = Math.floor(slice / this.#perSlide);
    return this.#offsetMs + slide * this.#slideMs + (slice === slide * this.#perSlide ? 0 : this.#firstMs);
  }

  sliceEndMs(slice: number): number {
    return this.sliceStartMs(slice + 1);
  }

  firstWindow(slice: number): number {
    return Math.ceil((slice - this.#perWindow + 1) / this.#perSlide);
  }

  lastWindow(slice: number): number {
    return Math.floor(slice / this.#perSlide);
  }

  firstSlice(window: number): number {
    return window * this.#perSlide;
  }

  endSlice(window: number): number {
    return window * this.#perSlide + this.#perWindow;
  }

  windowStartMs(window: number): number {
    return this.#offsetMs + window * this.#slideMs;
  }

  windowEndMs(window: number): number {
    return this.windowStartMs(window) + this.#sizeMs;
  }

  windowsThrough(watermark: number, delayMs: number): number {
    return Math.floor((watermark - delayMs + 1 - this.#sizeMs - this.#offsetMs) / this.#slideMs);
  }
}
