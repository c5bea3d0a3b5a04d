import type { Clock } from "@millrace/engine";
import { systemClock } from "@millrace/runtime/system-clock";

/** How often the CPU time is asked for, which takes longer than the time on the wall does. */
const resolutionMs = 2;

/**
 * A clock whose monotonic time is the CPU time of this thread, to about 2 ms: what is to happen every second then happens
 * every second of work, however much else the machine does.
 */
export function createCpuClock(): Clock {
  let cpuMs = threadMs();
  let askedAt = performance.now();
  return {
    ...systemClock,
    monotonic() {
      const now = performance.now();
      if (now - askedAt >= resolutionMs) {
        askedAt = now;
        cpuMs = threadMs();
      }
      return cpuMs;
    },
  };
}

/** What Linux has counted at its last tick: asking for more costs more than it tells here. */
function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
