import { parseArgs } from "node:util";
import { reportStep } from "../bootstrap/report-step.mjs";
import { testStepCount } from "../bootstrap/step-counts.mjs";
import { generateDatabaseClient } from "../setup/generate-database-client.ts";
import { runNodeTool } from "../setup/run-tool.ts";
import { runSideBySide } from "./run-side-by-side.ts";
import { createScratchFolder, type ScratchFolder } from "./scratch-folder.ts";
import { type Suite, type SuiteContext, type SuiteResult, sumResults } from "./suite.ts";
import { browserSuite } from "./suites/browser-suite.ts";
import { importRulesSuite } from "./suites/import-rules-suite.ts";
import { lintSuite } from "./suites/lint-suite.ts";
import { typesSuite } from "./suites/types-suite.ts";
import { vitestSuite } from "./suites/vitest-suite.ts";
import { installTestTools } from "./test-tools.ts";

/** In the order in which they run, those of one line at the same time: either of the last two alone mostly waits. */
const stages: readonly (readonly Suite[])[] = [
  [typesSuite],
  [lintSuite],
  [importRulesSuite],
  [vitestSuite("unit", "tests beside the files they test", ["unit", "unit-processes"])],
  [vitestSuite("cases", "whole pipelines against expected output")],
  [vitestSuite("integration", "against a real PostgreSQL and Redis"), browserSuite],
];
const suites = stages.flat();

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

type Results = readonly (readonly [Suite, SuiteResult])[];

async function runSuites(chosen: readonly Suite[], scratch: ScratchFolder, signal: AbortSignal): Promise<Results> {
  const context: SuiteContext = {
    scratch: scratch.path,
    print,
    runTool: (file, args, options) => runNodeTool(file, args, { ...options, env: { ...scratch.environment, ...options?.env }, signal }),
  };
  const results: (readonly [Suite, SuiteResult])[] = [];
  for (const stage of stages) {
    const wanted = stage.filter((suite) => chosen.includes(suite));
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

function summarise(results: Results): number {
  const total = sumResults(results.map(([, result]) => result));
  if (total.skipped.length > 0) print("\nSkipped:\n");
  for (const { name, reason } of total.skipped) print(`  ${name}: ${reason}\n`);
  const failing = results.filter(([, result]) => result.failed > 0).map(([suite]) => suite.name);
  print(failing.length > 0 ? `\nFailures in: ${failing.join(", ")}\n` : "\n");
  print(`${total.passed} passed, ${total.failed} failed, ${total.skipped.length} skipped\n`);
  return total.failed === 0 ? 0 : 1;
}

process.exit(await run());
