import { join } from "node:path";
import { repositoryRoot } from "../../bootstrap/repository.mjs";
import type { SuiteContext, SuiteResult } from "../suite.ts";

/** Whether the committed migrations amount to the schema. */
export async function checkMigrations({ print, runTool }: SuiteContext): Promise<SuiteResult> {
  const { exitCode, output } = await runTool(join(repositoryRoot, "prisma", "scripts", "migrate.ts"), ["drift"]);
  if (exitCode === 0) return { passed: 1, failed: 0, skipped: [] };
  print(output);
  return { passed: 0, failed: 1, skipped: [] };
}
