import { formatSeconds } from "../bootstrap/report-step.mjs";
import { runSuite } from "./run-suite.ts";
import type { Suite, SuiteContext, SuiteResult } from "./suite.ts";

/** How often is told what still runs, where output is held back. */
const progressIntervalMs = 30_000;

/** Suites that run one after another. */
export type Lane = readonly Suite[];

/** Suites with what came of them. */
export type SuiteResults = readonly (readonly [Suite, SuiteResult])[];

/**
 * Runs lanes of suites at the same time. What a suite says is held back until it is done and then printed in one piece, so that
 * a failure can be read as a whole; meanwhile a line now and then tells what still runs. The suites of a single lane print as
 * they go. The results are in the order of the lanes and their suites.
 */
export async function runSideBySide(lanes: readonly Lane[], context: SuiteContext): Promise<SuiteResults> {
  if (lanes.length === 1) return await runInTurn(lanes[0], (suite) => runSuite(suite, context));
  const startedMs = performance.now();
  const running = new Set(lanes.flat().map(({ name }) => name));
  const tell = (what: string): void => context.print(`${what} (${formatSeconds(performance.now() - startedMs)})\n`);
  context.print(`\nSide by side, each printed when it is done: ${[...running].join(", ")}\n`);
  const progress = setInterval(() => tell(`… still running: ${[...running].join(", ")}`), progressIntervalMs);
  const runHeldBack = async (suite: Suite): Promise<SuiteResult> => {
    let said = "";
    const result = await runSuite(suite, { ...context, print: (text) => (said += text) });
    running.delete(suite.name);
    context.print(said);
    return result;
  };
  try {
    return (await Promise.all(lanes.map((lane) => runInTurn(lane, runHeldBack)))).flat();
  } finally {
    clearInterval(progress);
  }
}

async function runInTurn(lane: Lane, run: (suite: Suite) => Promise<SuiteResult>): Promise<SuiteResults> {
  const results: (readonly [Suite, SuiteResult])[] = [];
  for (const suite of lane) results.push([suite, await run(suite)]);
  return results;
}
