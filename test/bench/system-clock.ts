import { setTimeout as sleepFor } from "node:timers/promises";
import type { Clock } from "@millrace/engine";

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(ms, signal) {
    if (ms <= 0) await new Promise((resolve) => setImmediate(resolve));
    else await sleepFor(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  },
};
