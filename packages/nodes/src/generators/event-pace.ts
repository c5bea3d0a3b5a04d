import type { Clock } from "@millrace/engine";

/** After a pause of the machine or of the pipeline, at most so much of the clock's time is caught up. */
const catchUpMs = 5000;

/** How far event time has come, in step with a clock. */
export class EventPace {
  readonly #clock: Clock;
  readonly #speed: number;
  #anchorClockMs: number;
  #anchorEventMs: number;

  /** Event time stands at `eventMs` (since the start of the stream) now and runs `speed` times as fast as the clock. */
  constructor(clock: Clock, speed: number, eventMs: number) {
    this.#clock = clock;
    this.#speed = speed;
    this.#anchorClockMs = clock.monotonic();
    this.#anchorEventMs = eventMs;
  }

  /** Event time up to which records are due; `nextMs` is when the next one comes. */
  dueMs(nextMs: number): number {
    const now = this.#clock.monotonic();
    const due = this.#anchorEventMs + (now - this.#anchorClockMs) * this.#speed;
    const limit = nextMs + catchUpMs * this.#speed;
    if (due <= limit) return due;
    this.#anchorClockMs = now;
    this.#anchorEventMs = limit;
    return limit;
  }

  /** Clock time until event time has come to `eventMs`, ms. */
  waitMs(eventMs: number): number {
    const due = this.#anchorEventMs + (this.#clock.monotonic() - this.#anchorClockMs) * this.#speed;
    return Math.max(0, (eventMs - due) / this.#speed);
  }
}
