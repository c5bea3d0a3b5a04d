import { spawnSync } from "node:child_process";
import { repositoryRoot } from "../../bootstrap/repository.mjs";
import type { SuiteContext, SuiteResult } from "../suite.ts";

/** Whether Docker understands docker-compose.yml; skipped where there is no Docker with compose. */
export async function checkCompose({ print }: SuiteContext): Promise<SuiteResult> {
  const compose = findCompose();
  if (compose === null) {
    return { passed: 0, failed: 0, skipped: [{ name: "docker-compose.yml", reason: "this machine has no docker with compose" }] };
  }
  const { status, stderr } = spawnSync(compose[0], [...compose.slice(1), "config", "--quiet"], { cwd: repositoryRoot, encoding: "utf8" });
  if (status === 0) return { passed: 1, failed: 0, skipped: [] };
  print(`${compose.join(" ")} config: ${stderr}\n`);
  return { passed: 0, failed: 1, skipped: [] };
}

/** How compose is called here: as Docker's plugin or as a program of its own; null when there is neither. */
function findCompose(): readonly [string, ...string[]] | null {
  const ways: readonly (readonly [string, ...string[]])[] = [["docker", "compose"], ["docker-compose"]];
  return ways.find(([program, ...args]) => spawnSync(program, [...args, "version"], { stdio: "ignore" }).status === 0) ?? null;
}
