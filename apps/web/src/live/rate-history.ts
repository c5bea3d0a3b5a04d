import type { MetricsFrame } from "@millrace/protocol";
import { pipelineRates } from "./pipeline-rates.ts";

/** Seconds that a sparkline shows. */
export const historySeconds = 60;

/** The rates of the last minute, one value a second, oldest first; zero where nothing is known. */
export class RateHistory {
  readonly inPerSecond = new Float64Array(historySeconds);
  readonly outPerSecond = new Float64Array(historySeconds);
  /** Second (since the epoch) of the last slot. */
  #lastSecond = 0;

  /** Takes a value in; a later one of the same second replaces it, one older than the newest second is ignored. */
  add(atMs: number, inPerSecond: number, outPerSecond: number): void {
    const second = Math.floor(atMs / 1000);
    if (second < this.#lastSecond) return;
    this.#moveTo(second);
    this.inPerSecond[historySeconds - 1] = inPerSecond;
    this.outPerSecond[historySeconds - 1] = outPerSecond;
  }

  addFrame(frame: MetricsFrame): void {
    const rates = pipelineRates(frame);
    this.add(frame.atMs, rates.inPerSecond, rates.outPerSecond);
  }

  #moveTo(second: number): void {
    const shift = Math.min(historySeconds, this.#lastSecond === 0 ? 0 : second - this.#lastSecond);
    this.#lastSecond = second;
    if (shift === 0) return;
    for (const values of [this.inPerSecond, this.outPerSecond]) {
      values.copyWithin(0, shift);
      values.fill(0, historySeconds - shift);
    }
  }
}
