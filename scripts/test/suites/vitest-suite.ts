import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { repositoryRoot } from "../../bootstrap/repository.mjs";
import { installedFile } from "../../setup/run-tool.ts";
import type { Suite, SuiteResult } from "../suite.ts";
import { countsPathVariable } from "../vitest-counts.ts";

/** The project of `vitest.config.ts` that has this name, as a suite. */
export function vitestSuite(name: string, title: string): Suite {
  return {
    name,
    title,
    async run({ scratch, print, runTool }) {
      const countsPath = join(scratch, `${name}.json`);
      const reporter = join(repositoryRoot, "scripts", "test", "vitest-counts.ts");
      const args = ["run", `--project=${name}`, "--reporter=default", `--reporter=${reporter}`];
      const env = { [countsPathVariable]: countsPath };
      const { exitCode } = await runTool(installedFile("vitest/vitest.mjs"), args, { env, onOutput: print });
      const result = await readCounts(countsPath);
      if (exitCode !== 0 && result.failed === 0) throw new Error(`vitest ended with exit code ${exitCode} though no test failed`);
      return result;
    },
  };
}

async function readCounts(path: string): Promise<SuiteResult> {
  try {
    // Written by our own reporter.
    return JSON.parse(await readFile(path, "utf8")) as SuiteResult;
  } catch (error) {
    throw new Error("vitest ended before it had counted its tests", { cause: error });
  }
}
