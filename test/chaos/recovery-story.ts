import type { LogLine } from "../integration/runtime/runtime-under-test.ts";

/** What the runtimes log on the way back, with what it is called in a line of the run. */
const steps = [
  { logged: "pipeline process started", words: "process begun" },
  { logged: "restored from a checkpoint", words: "restored" },
] as const;

/** Where the time of a recovery went that began at `sinceMs` (ms since the epoch): when each step was taken for the last time. */
export function recoveryStory(log: readonly LogLine[], sinceMs: number): string {
  const told = steps.flatMap(({ logged, words }) => {
    const at = log.filter(({ msg, time }) => msg === logged && Number(time) >= sinceMs).map(({ time }) => Number(time));
    return at.length === 0 ? [] : [`${words} after ${((Math.max(...at) - sinceMs) / 1000).toFixed(1)} s`];
  });
  return told.length === 0 ? "" : ` (${told.join(", ")})`;
}
