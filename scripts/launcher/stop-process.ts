import { setTimeout as sleep } from "node:timers/promises";
import { isRunning, type RecordedProcess } from "./pid-file.ts";

/**
 * Asks a process to end and kills it, with whatever it started, when it has not after `timeoutMs`. Resolves when it
 * is gone. A process id that belongs to another process by now is left alone.
 */
export async function stopProcess(record: RecordedProcess, timeoutMs: number): Promise<void> {
  if (!(await isRunning(record))) return;
  signal(record.pid, record.stopSignal);
  const deadlineMs = performance.now() + timeoutMs;
  while (await isRunning(record)) {
    if (performance.now() > deadlineMs) {
      signalGroup(record.pid);
      return;
    }
    await sleep(20);
  }
}

/** Ends what is left of the process group that the process leads. */
function signalGroup(pid: number): void {
  if (process.platform === "win32") signal(pid, "SIGKILL");
  else {
    signal(-pid, "SIGKILL");
    signal(pid, "SIGKILL");
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // It ended in the meantime.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
