import type { Clock } from "@millrace/engine";

/** A clock that stands still until it is moved: sleeping takes no time. */
export interface StillClock extends Clock {
  advance(ms: number): void;
}

/** Where such a clock stands at first: amid the times of random feeds. */
export const stillClockMs = 1_700_000_030_000;

export function createStillClock(): StillClock {
  let now = stillClockMs;
  return {
    now: () => now,
    monotonic: () => now,
    async sleep() {},
    advance(ms) {
      now += ms;
    },
  };
}
