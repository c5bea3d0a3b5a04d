import type { ChaosStage } from "./chaos-stage.ts";

/** The process that runs the pipeline just now; null while there is none. */
export function pipelinePid(stage: ChaosStage): number | null {
  const pids = stage.runtimes.flatMap(({ pipelinePids }) => pipelinePids);
  return pids.findLast((pid) => isAlive(pid)) ?? null;
}

/** The runtime that owns the process. */
export function owner(stage: ChaosStage) {
  const pid = pipelinePid(stage);
  return stage.runtimes.find(({ pipelinePids }) => pid !== null && pipelinePids.includes(pid)) ?? stage.runtimes[0];
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Sends a signal; a process that has ended meanwhile is no error. */
export function signal(pid: number | null, name: NodeJS.Signals): void {
  if (pid !== null && isAlive(pid)) process.kill(pid, name);
}
