import { readFile } from "node:fs/promises";
import { installedFile } from "../../setup/run-tool.ts";
import { readWorkspaces } from "../../setup/workspaces.ts";
import type { Suite } from "../suite.ts";

const args = ["run", "types", "--continue=always", "--summarize", "--output-logs=errors-only", "--ui=stream", "--concurrency=2"];

/** TypeScript over every workspace; one check each. */
export const typesSuite: Suite = {
  name: "types",
  title: "every workspace type-checks",
  async run({ print, runTool }) {
    const { output } = await runTool(installedFile("turbo/bin/turbo"), args);
    const summaryPath = /^Summary:\s+(.+\.json)$/m.exec(output.replaceAll("\r", ""))?.[1];
    if (summaryPath === undefined) throw new Error(`turbo wrote no summary:\n${output.trim()}`);
    // turbo's own format; its version is pinned.
    const { tasks } = JSON.parse(await readFile(summaryPath, "utf8")) as TurboSummary;
    const passed = new Set(tasks.filter((task) => task.task === "types" && task.execution?.exitCode === 0).map((task) => task.package));
    const failed = (await readWorkspaces()).filter(({ name }) => !passed.has(name));
    if (failed.length > 0) print(`${output.trim()}\nNot type-checked: ${failed.map(({ name }) => name).join(", ")}\n`);
    return { passed: passed.size, failed: failed.length, skipped: [] };
  },
};

interface TurboSummary {
  readonly tasks: readonly { readonly task: string; readonly package: string; readonly execution?: { readonly exitCode: number | null } }[];
}
