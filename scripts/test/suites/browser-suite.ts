import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { repositoryRoot } from "../../bootstrap/repository.mjs";
import { installedFile } from "../../setup/run-tool.ts";
import type { SkippedCheck, Suite } from "../suite.ts";

/** The product in a browser: Playwright starts it with an empty data folder. */
export const browserSuite: Suite = {
  name: "browser",
  title: "the product, as npm start starts it, in a browser",
  async run({ scratch, print, runTool }) {
    const reportPath = join(scratch, "browser.json");
    const { exitCode } = await runTool(installedFile("@playwright/test/cli.js"), ["test", "--reporter=list,json"], {
      cwd: join(repositoryRoot, "test"),
      // Playwright sets FORCE_COLOR for what it starts, and Node complains about both.
      env: { PLAYWRIGHT_JSON_OUTPUT_NAME: reportPath, MILLRACE_E2E_DATA: join(scratch, "product"), NO_COLOR: "", FORCE_COLOR: "0" },
      onOutput: print,
    });
    const report = await readReport(reportPath);
    // What failed outside of any test: a broken file, a product that did not start.
    const failed = report.stats.unexpected + report.stats.flaky + report.errors.length;
    if (exitCode !== 0 && failed === 0) throw new Error(`playwright ended with exit code ${exitCode} though no test failed`);
    return { passed: report.stats.expected, failed, skipped: report.suites.flatMap((suite) => findSkipped(suite)) };
  },
};

function findSkipped(suite: PlaywrightSuite): SkippedCheck[] {
  const own = (suite.specs ?? []).flatMap((spec) =>
    spec.tests
      .filter((test) => test.status === "skipped")
      .map((test) => ({
        name: `${spec.file}: ${spec.title}`,
        reason: test.annotations.find(({ type }) => type === "skip" || type === "fixme")?.description ?? "no reason is given",
      })),
  );
  return [...own, ...(suite.suites ?? []).flatMap((inner) => findSkipped(inner))];
}

async function readReport(path: string): Promise<PlaywrightReport> {
  try {
    // Playwright's own format; its version is pinned.
    return JSON.parse(await readFile(path, "utf8")) as PlaywrightReport;
  } catch (error) {
    throw new Error("playwright ended before it had written its report", { cause: error });
  }
}

interface PlaywrightSuite {
  readonly specs?: readonly {
    readonly title: string;
    readonly file: string;
    readonly tests: readonly {
      readonly status: string;
      readonly annotations: readonly { readonly type: string; readonly description?: string }[];
    }[];
  }[];
  readonly suites?: readonly PlaywrightSuite[];
}

interface PlaywrightReport {
  readonly stats: { readonly expected: number; readonly unexpected: number; readonly flaky: number; readonly skipped: number };
  readonly errors: readonly unknown[];
  readonly suites: readonly PlaywrightSuite[];
}
