import { formatSeconds } from "../bootstrap/report-step.mjs";
import { runSuite } from "./run-suite.ts";
import type { Suite, SuiteContext, SuiteResult } from "./suite.ts";

/** How often is told what still runs, where output is held back. */
const progressIntervalMs = 30_000;

/**
 * Runs suites at the same time. What a suite says is held back until it is done and then printed in one piece, so that a
 * failure can be read as a whole; meanwhile a line now and then tells what still runs. A single suite prints as it goes.
 * The results are in the order of the suites.
 */
export async function runSideBySide(suites: readonly Suite[], context: SuiteContext): Promise<readonly (readonly [Suite, SuiteResult])[]> {
  if (suites.length === 1) return [[suites[0], await runSuite(suites[0], context)]];
  const startedMs = performance.now();
  const running = new Set(suites.map(({ name }) => name));
  const tell = (what: string): void => context.print(`${what} (${formatSeconds(performance.now() - startedMs)})\n`);
  context.print(`\nSide by side, each printed when it is done: ${[...running].join(", ")}\n`);
  const progress = setInterval(() => tell(`… still running: ${[...running].join(", ")}`), progressIntervalMs);
  try {
    return await Promise.all(
      suites.map(async (suite) => {
        let said = "";
        const result = await runSuite(suite, { ...context, print: (text) => (said += text) });
        running.delete(suite.name);
        context.print(said);
        return [suite, result] as const;
      }),
    );
  } finally {
    clearInterval(progress);
  }
}
