import type { Clock } from "@millrace/engine";

/** A clock that moves only when something sleeps on it. */
export class ManualClock implements Clock {
  readonly startMs: number;
  elapsedMs = 0;

  constructor(startMs: number) {
    this.startMs = startMs;
  }

  now(): number {
    return this.startMs + this.elapsedMs;
  }

  monotonic(): number {
    return this.elapsedMs;
  }

  async sleep(ms: number): Promise<void> {
    this.elapsedMs += ms;
  }
}
