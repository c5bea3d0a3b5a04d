import { setTimeout as sleep } from "node:timers/promises";
import type { ManagedProcess } from "./managed-process.ts";

const firstDelayMs = 500;
const longestDelayMs = 15_000;
/** A process that ran this long starts over with the shortest delay. */
const stableMs = 60_000;

/**
 * Keeps processes running: starts one again, after a growing delay, when it ends by itself, and ends all of them,
 * stage after stage, when asked to.
 */
export class Supervisor {
  readonly #stages: ManagedProcess[][] = [];
  readonly #report: (message: string) => void;
  #stopping: Promise<void> | null = null;

  /** `report` gets a sentence when a process ended by itself. */
  constructor(report: (message: string) => void) {
    this.#report = report;
  }

  /** Watches a process. Higher stages are stopped first. */
  watch(stage: number, started: ManagedProcess, restart: () => Promise<ManagedProcess>): void {
    const processes = this.#stages[stage] ?? [];
    this.#stages[stage] = processes;
    processes.push(started);
    void this.#keepRunning(processes, started, restart);
  }

  /** Ends all processes; resolves when they are gone. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stopStages();
    return this.#stopping;
  }

  async #stopStages(): Promise<void> {
    for (const stage of this.#stages.toReversed()) await Promise.all((stage ?? []).map((entry) => entry.stop()));
  }

  async #keepRunning(processes: ManagedProcess[], first: ManagedProcess, restart: () => Promise<ManagedProcess>): Promise<void> {
    let current = first;
    let delayMs = firstDelayMs;
    for (;;) {
      const startedMs = performance.now();
      const how = await current.ended;
      if (this.#stopping !== null) return;
      if (performance.now() - startedMs > stableMs) delayMs = firstDelayMs;
      this.#report(`The ${current.name} process ended (${how}); it is started again. Its log: ${current.logPath}`);
      await sleep(delayMs);
      delayMs = Math.min(delayMs * 2, longestDelayMs);
      if (this.#stopping !== null) return;
      const next = await restart();
      processes[processes.indexOf(current)] = next;
      // Asked to stop in the meantime, with the list as it was before.
      if (this.#stopping !== null) await next.stop();
      current = next;
    }
  }
}
