import { installedFile } from "../../setup/run-tool.ts";
import { readWorkspaces } from "../../setup/workspaces.ts";
import { type Suite, type SuiteContext, type SuiteResult, sumResults } from "../suite.ts";
import { checkCompose } from "./compose-check.ts";
import { checkMigrations } from "./migrations-check.ts";

/** Format and lint rules (one check per workspace and one for the rest), migrations, the compose file. */
export const lintSuite: Suite = {
  name: "lint",
  title: "format, lint rules, database migrations, compose file",
  async run(context) {
    return sumResults([await checkWithBiome(context), await checkMigrations(context), await checkCompose(context)]);
  },
};

async function checkWithBiome({ print, runTool }: SuiteContext): Promise<SuiteResult> {
  const args = ["check", "--reporter=json", "--max-diagnostics=none"];
  const { output } = await runTool(installedFile("@biomejs/biome/bin/biome"), args);
  const { summary, diagnostics } = parseReport(output);
  if (summary.changed + summary.unchanged === 0) throw new Error("biome read no file");
  const findings = diagnostics.filter(({ severity }) => severity !== "information");
  for (const { severity, location, category, message } of findings) {
    print(`${location.path}:${location.start.line}:${location.start.column} ${severity} ${category}: ${message}\n`);
  }
  const folders = (await readWorkspaces()).map(({ folder }) => `${folder}/`);
  const groupOf = (path: string) => folders.find((folder) => path.startsWith(folder)) ?? "the rest";
  const failed = new Set(findings.map(({ location }) => groupOf(location.path))).size;
  if (failed > 0) print("Run `npm run format` for what can be mended by a machine.\n");
  return { passed: folders.length + 1 - failed, failed, skipped: [] };
}

function parseReport(output: string): BiomeReport {
  const line = output.split("\n").find((text) => text.startsWith('{"summary"'));
  if (line === undefined) throw new Error(`biome wrote no report:\n${output.trim()}`);
  // biome's own format; its version is pinned.
  return JSON.parse(line) as BiomeReport;
}

interface BiomeReport {
  readonly summary: { readonly changed: number; readonly unchanged: number };
  readonly diagnostics: readonly {
    readonly severity: string;
    readonly category: string;
    readonly message: string;
    readonly location: { readonly path: string; readonly start: { readonly line: number; readonly column: number } };
  }[];
}
