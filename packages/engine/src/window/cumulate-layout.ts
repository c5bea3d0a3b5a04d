import type { CumulateWindow } from "../plan/window-spec.ts";
import type { SliceLayout } from "./slice-layout.ts";

/** Cumulating windows: a slice is a step long, and window `k` reaches from the start of its period to the end of slice `k`. */
export class CumulateLayout implements SliceLayout {
  readonly single: boolean;
  readonly #stepMs: number;
  readonly #offsetMs: number;
  /** Steps in a period. */
  readonly #steps: number;

  constructor(window: CumulateWindow) {
    this.#stepMs = window.stepMs;
    this.#offsetMs = window.offsetMs;
    this.#steps = window.maxSizeMs / window.stepMs;
    this.single = this.#steps === 1;
  }

  sliceAt(timeMs: number): number {
    return Math.floor((timeMs - this.#offsetMs) / this.#stepMs);
  }

  sliceStartMs(slice: number): number {
    return this.#offsetMs + slice * this.#stepMs;
  }

  sliceEndMs(slice: number): number {
    return this.sliceStartMs(slice + 1);
  }

  firstWindow(slice: number): number {
    return slice;
  }

  lastWindow(slice: number): number {
    return this.firstSlice(slice) + this.#steps - 1;
  }

  firstSlice(window: number): number {
    return Math.floor(window / this.#steps) * this.#steps;
  }

  endSlice(window: number): number {
    return window + 1;
  }

  windowStartMs(window: number): number {
    return this.sliceStartMs(this.firstSlice(window));
  }

  windowEndMs(window: number): number {
    return this.sliceEndMs(window);
  }

  windowsThrough(watermark: number, delayMs: number): number {
    return Math.floor((watermark - delayMs + 1 - this.#offsetMs) / this.#stepMs) - 1;
  }
}
