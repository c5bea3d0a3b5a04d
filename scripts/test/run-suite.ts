import { formatSeconds } from "../bootstrap/report-step.mjs";
import type { Suite, SuiteContext, SuiteResult } from "./suite.ts";

/** Runs a suite under a header. One that crashes, or checks nothing at all, counts as one failure. */
export async function runSuite(suite: Suite, context: SuiteContext): Promise<SuiteResult> {
  context.print(`\n== ${suite.name}: ${suite.title}\n`);
  const startedMs = performance.now();
  const result = await runSafely(suite, context);
  const counts = `${result.passed} passed, ${result.failed} failed, ${result.skipped.length} skipped`;
  context.print(`${suite.name}: ${counts} (${formatSeconds(performance.now() - startedMs)})\n`);
  return result;
}

async function runSafely(suite: Suite, context: SuiteContext): Promise<SuiteResult> {
  try {
    const result = await suite.run(context);
    if (result.passed + result.failed + result.skipped.length > 0) return result;
    context.print("The suite checked nothing, which counts as a failure.\n");
  } catch (error) {
    context.print(`The suite crashed, which counts as a failure: ${error instanceof Error ? error.message : String(error)}\n`);
  }
  return { passed: 0, failed: 1, skipped: [] };
}
