import type { Clock } from "../time/clock.ts";

/** A clock that moves only when someone sleeps, or by `advance`; a sleep ends at once and takes its time with it. */
export interface SimulatedClock extends Clock {
  advance(ms: number): void;
}

/** Starts at `startMs` (default 0); wall clock and monotonic time are the same. */
export function createSimulatedClock(startMs = 0): SimulatedClock {
  let now = startMs;
  return {
    now: () => now,
    monotonic: () => now,
    async sleep(ms: number): Promise<void> {
      if (ms > 0) now += ms;
    },
    advance(ms: number): void {
      now += ms;
    },
  };
}
