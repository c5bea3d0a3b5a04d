import { parseArgs } from "node:util";
import { reportStep } from "../bootstrap/report-step.mjs";
import { testStepCount } from "../bootstrap/step-counts.mjs";
import { generateDatabaseClient } from "../setup/generate-database-client.ts";
import { runNodeTool } from "../setup/run-tool.ts";
import { type Lane, runSideBySide, type SuiteResults } from "./run-side-by-side.ts";
import { createScratchFolder, type ScratchFolder } from "./scratch-folder.ts";
import { type Suite, type SuiteContext, type SuiteResult, sumResults } from "./suite.ts";
import { browserSuite } from "./suites/browser-suite.ts";
import { importRulesSuite } from "./suites/import-rules-suite.ts";
import { lintSuite } from "./suites/lint-suite.ts";
import { typesSuite } from "./suites/types-suite.ts";
import { vitestSuite } from "./suites/vitest-suite.ts";
import { installTestTools } from "./test-tools.ts";

/** In the order in which they run; the lanes of one stage at the same time: those of the last would each mostly wait. */
const stages: readonly (readonly Lane[])[] = [
  [[typesSuite]],
  [[lintSuite]],
  [[importRulesSuite]],
  [[vitestSuite("unit", "tests beside the files they test")]],
  [[vitestSuite("cases", "whole pipelines against expected output")]],
  [
    [
      vitestSuite("processes", "tests beside the files they test that start processes and servers"),
      vitestSuite("integration", "against a real PostgreSQL and Redis"),
    ],
    [browserSuite],
  ],
];
const suites = stages.flat(2);

const interruptedExitCode = 130;
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
  const scratch = await createScratchFolder();
  const interruption = catchInterruption();
  try {
    const results = await runSuites(chosen, scratch, interruption);
    return interruption.aborted ? interruptedExitCode : summarise(results);
  } finally {
    await scratch.remove();
  }
}

async function runSuites(chosen: readonly Suite[], scratch: ScratchFolder, signal: AbortSignal): Promise<SuiteResults> {
  const context: SuiteContext = {
    scratch: scratch.path,
    print,
    runTool: (file, args, options) => runNodeTool(file, args, { ...options, env: { ...scratch.environment, ...options?.env }, signal }),
  };
  const results: (readonly [Suite, SuiteResult])[] = [];
  for (const stage of stages) {
    const lanes = stage.map((lane) => lane.filter((suite) => chosen.includes(suite)));
    const wanted = lanes.filter((lane) => lane.length > 0);
    if (wanted.length > 0 && !signal.aborted) results.push(...(await runSideBySide(wanted, context)));
  }
  return results;
}

function catchInterruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => controller.abort());
  process.once("disconnect", () => controller.abort());
  return controller.signal;
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

function summarise(results: SuiteResults): number {
  const total = sumResults(results.map(([, result]) => result));
  if (total.skipped.length > 0) print("\nSkipped:\n");
  for (const { name, reason } of total.skipped) print(`  ${name}: ${reason}\n`);
  const failing = results.filter(([, result]) => result.failed > 0).map(([suite]) => suite.name);
  print(failing.length > 0 ? `\nFailures in: ${failing.join(", ")}\n` : "\n");
  print(`${total.passed} passed, ${total.failed} failed, ${total.skipped.length} skipped\n`);
  return total.failed === 0 ? 0 : 1;
}

process.exit(await run());
