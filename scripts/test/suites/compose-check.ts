import { spawnSync } from "node:child_process";
import { repositoryRoot } from "../../bootstrap/repository.mjs";
import type { SuiteContext, SuiteResult } from "../suite.ts";

/** Whether Docker understands docker-compose.yml; skipped where there is no Docker with compose. */
export async function checkCompose({ print }: SuiteContext): Promise<SuiteResult> {
  if (spawnSync("docker", ["compose", "version"], { stdio: "ignore" }).status !== 0) {
    return { passed: 0, failed: 0, skipped: [{ name: "docker-compose.yml", reason: "this machine has no docker with compose" }] };
  }
  const { status, stderr } = spawnSync("docker", ["compose", "config", "--quiet"], { cwd: repositoryRoot, encoding: "utf8" });
  if (status === 0) return { passed: 1, failed: 0, skipped: [] };
  print(`docker compose config: ${stderr}\n`);
  return { passed: 0, failed: 1, skipped: [] };
}
