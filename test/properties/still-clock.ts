import type { Clock } from "@millrace/engine";

/** A clock that stands still until it is moved: sleeping takes no time. */
export interface StillClock extends Clock {
  advance(ms: number): void;
}

export function createStillClock(): StillClock {
  let now = 1_000_000;
  return {
    now: () => now,
    monotonic: () => now,
    async sleep() {},
    advance(ms) {
      now += ms;
    },
  };
}
