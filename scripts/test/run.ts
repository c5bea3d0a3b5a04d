import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { reportStep } from "../bootstrap/report-step.mjs";
import { testStepCount } from "../bootstrap/step-counts.mjs";
import { generateDatabaseClient } from "../setup/generate-database-client.ts";
import { runSuite } from "./run-suite.ts";
import { type Suite, type SuiteResult, sumResults } from "./suite.ts";
import { browserSuite } from "./suites/browser-suite.ts";
import { importRulesSuite } from "./suites/import-rules-suite.ts";
import { lintSuite } from "./suites/lint-suite.ts";
import { typesSuite } from "./suites/types-suite.ts";
import { vitestSuite } from "./suites/vitest-suite.ts";
import { installTestTools } from "./test-tools.ts";

const suites: readonly Suite[] = [
  typesSuite,
  lintSuite,
  importRulesSuite,
  vitestSuite("unit", "tests beside the files they test"),
  vitestSuite("cases", "whole pipelines against expected output"),
  vitestSuite("integration", "against a real PostgreSQL and Redis"),
  browserSuite,
];

const print = (text: string) => process.stdout.write(text);

async function run(): Promise<number> {
  const chosen = chooseSuites();
  if (typeof chosen === "string") {
    console.error(chosen);
    return 2;
  }
  await reportStep({ number: 2, of: testStepCount, title: "Generate the database client" }, () => generateDatabaseClient());
  const problems = await reportStep({ number: 3, of: testStepCount, title: "Look for Chromium and Redis" }, installTestTools);
  for (const problem of problems) print(`${problem}\n`);
  const scratch = await mkdtemp(join(tmpdir(), "millrace-test-"));
  process.once("exit", () => rmSync(scratch, { recursive: true, force: true }));
  const results: (readonly [Suite, SuiteResult])[] = [];
  for (const suite of chosen) results.push([suite, await runSuite(suite, { scratch, print })]);
  return summarise(results);
}

function chooseSuites(): readonly Suite[] | string {
  const names = suites.map(({ name }) => name).join(", ");
  try {
    const { values } = parseArgs({ options: { only: { type: "string" } } });
    if (values.only === undefined) return suites;
    const wanted = values.only.split(",");
    const unknown = wanted.filter((name) => !suites.some((suite) => suite.name === name));
    return unknown.length === 0
      ? suites.filter(({ name }) => wanted.includes(name))
      : `No suite is called ${unknown.join(", ")}; there are ${names}.`;
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\nUsage: npm test -- [--only <suites, joined by commas>]; there are ${names}.`;
  }
}

function summarise(results: readonly (readonly [Suite, SuiteResult])[]): number {
  const total = sumResults(results.map(([, result]) => result));
  if (total.skipped.length > 0) print("\nSkipped:\n");
  for (const { name, reason } of total.skipped) print(`  ${name}: ${reason}\n`);
  const failing = results.filter(([, result]) => result.failed > 0).map(([suite]) => suite.name);
  print(failing.length > 0 ? `\nFailures in: ${failing.join(", ")}\n` : "\n");
  print(`${total.passed} passed, ${total.failed} failed, ${total.skipped.length} skipped\n`);
  return total.failed === 0 ? 0 : 1;
}

// Ends the tools that run, through their listeners for "exit".
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(name, () => process.exit(130));
process.once("disconnect", () => process.exit(130));

process.exit(await run());
