import { setTimeout as sleep } from "node:timers/promises";
import { LauncherError } from "./launcher-error.ts";
import { type ManagedProcess, readLogEnd } from "./managed-process.ts";

/**
 * Waits until `url` answers with a 2xx status. Rejects when the process ends before, when it takes longer than
 * `timeoutMs`, and when `signal` is aborted.
 */
export async function waitUntilReady(subject: ManagedProcess, url: string, timeoutMs: number, signal: AbortSignal): Promise<void> {
  const deadlineMs = performance.now() + timeoutMs;
  let lastAnswer = "no answer";
  while (performance.now() < deadlineMs) {
    signal.throwIfAborted();
    if (subject.hasEnded()) throw await failure(subject, `ended before it was ready (${await subject.ended})`);
    try {
      const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(3000)]) });
      if (response.ok) return;
      lastAnswer = `status ${response.status}`;
    } catch (error) {
      lastAnswer = error instanceof Error ? error.message : String(error);
    }
    await sleep(50);
  }
  throw await failure(subject, `was not ready after ${Math.round(timeoutMs / 1000)} s (${url}: ${lastAnswer})`);
}

async function failure(subject: ManagedProcess, what: string): Promise<LauncherError> {
  const end = await readLogEnd(subject.logPath);
  return new LauncherError(
    `The ${subject.name} process ${what}. The end of ${subject.logPath}:\n${end}`,
    "Mend what the log says and start again.",
  );
}
