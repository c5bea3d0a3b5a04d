/**
 * When records come: a rate that swings in waves around its mean. The wave is made of parabolas, which is
 * within 6 % of a sine, has an exact integral, and is the same number on every machine:
 * `rate(t) = mean * (1 + swing * wave(t / season))`.
 */
export interface LoadCurveOptions {
  readonly ratePerSecond: number;
  readonly seasonMs: number;
  /** 0 to 0.9. */
  readonly swing: number;
  /** So many records come evenly in the first `leadMs`, before the wave begins. */
  readonly leadRecords: number;
  readonly leadMs: number;
}

/** Records between two exactly computed times; the times between are interpolated. */
const knotRecords = 64;

/** Arrival times of records by their index, in ms since the start of the stream, and back. */
export class LoadCurve {
  readonly #options: LoadCurveOptions;
  readonly #perMs: number;
  #knot = Number.NaN;
  #knotMs = 0;
  #nextKnotMs = 0;

  constructor(options: LoadCurveOptions) {
    this.#options = options;
    this.#perMs = options.ratePerSecond / 1000;
  }

  /** When record `index` (fractions allowed) comes; rises with the index. */
  arrivalMs(index: number): number {
    const { leadRecords, leadMs } = this.#options;
    if (index < leadRecords) return (index / leadRecords) * leadMs;
    const rest = index - leadRecords;
    const knot = Math.floor(rest / knotRecords);
    if (knot !== this.#knot) this.#moveTo(knot);
    return leadMs + this.#knotMs + (this.#nextKnotMs - this.#knotMs) * (rest / knotRecords - knot);
  }

  /** Index of the first record that comes at `ms` or later. */
  firstIndexAt(ms: number): number {
    const { leadRecords, leadMs, swing, seasonMs } = this.#options;
    if (ms <= leadMs) return leadMs === 0 ? 0 : Math.ceil((Math.max(ms, 0) / leadMs) * leadRecords);
    const rest = ms - leadMs;
    return leadRecords + Math.ceil(this.#perMs * (rest + swing * seasonMs * waveSum(fraction(rest / seasonMs))));
  }

  /** Records per ms at `ms`. */
  ratePerMs(ms: number): number {
    const { swing, seasonMs, leadMs } = this.#options;
    return this.#perMs * (1 + swing * wave(fraction((ms - leadMs) / seasonMs)));
  }

  #moveTo(knot: number): void {
    this.#knotMs = knot === this.#knot + 1 ? this.#nextKnotMs : this.#timeOf(knot * knotRecords);
    this.#nextKnotMs = this.#timeOf((knot + 1) * knotRecords);
    this.#knot = knot;
  }

  /** Solves `count = integral of the rate` for the time, within one season, by Newton's method inside a shrinking bracket. */
  #timeOf(count: number): number {
    const { swing, seasonMs } = this.#options;
    const evenMs = count / this.#perMs;
    const seasons = Math.floor(evenMs / seasonMs);
    const target = evenMs / seasonMs - seasons;
    let low = 0;
    let high = 1;
    let x = target;
    for (let round = 0; round < 60; round++) {
      const error = x + swing * waveSum(x) - target;
      if (Math.abs(error) < 1e-12) break;
      if (error > 0) high = x;
      else low = x;
      const next = x - error / (1 + swing * wave(x));
      x = next > low && next < high ? next : (low + high) / 2;
    }
    return (seasons + x) * seasonMs;
  }
}

function fraction(x: number): number {
  return x - Math.floor(x);
}

/** One wave over [0, 1): up to 1 at a quarter, down to -1 at three quarters. */
function wave(x: number): number {
  return x < 0.5 ? 16 * x * (0.5 - x) : -16 * (x - 0.5) * (1 - x);
}

/** Integral of `wave` from 0 to x, 0 <= x <= 1. */
function waveSum(x: number): number {
  if (x < 0.5) return x * x * (4 - (16 / 3) * x);
  const y = x - 0.5;
  return 1 / 3 - y * y * (4 - (16 / 3) * y);
}
