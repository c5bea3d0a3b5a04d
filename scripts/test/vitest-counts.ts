import { writeFileSync } from "node:fs";
import type { Reporter, SerializedError, TestModule } from "vitest/node";
import type { SuiteResult } from "./suite.ts";

/** Environment variable with the path that the counts are written to. */
export const countsPathVariable = "MILLRACE_TEST_COUNTS";

/** A vitest reporter that writes a `SuiteResult`: unlike the built-in JSON, with the notes of skipped tests. */
export default class VitestCounts implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const path = process.env[countsPathVariable];
    if (path === undefined) return;
    writeFileSync(path, JSON.stringify(count(modules, unhandledErrors.length)));
  }
}

function count(modules: readonly TestModule[], unhandledErrors: number): SuiteResult {
  let passed = 0;
  let failed = unhandledErrors;
  const skipped: SuiteResult["skipped"][number][] = [];
  for (const module of modules) {
    failed += module.errors().length;
    for (const suite of module.children.allSuites()) failed += suite.errors().length;
    for (const test of module.children.allTests()) {
      const result = test.result();
      if (result.state === "passed") passed++;
      // Never run, because something around it failed, is no better than failed.
      else if (result.state === "failed" || result.state === "pending") failed++;
      else skipped.push({ name: `${module.relativeModuleId}: ${test.fullName}`, reason: result.note ?? "no reason is given" });
    }
  }
  return { passed, failed, skipped };
}
