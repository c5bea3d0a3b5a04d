import { setTimeout as sleep } from "node:timers/promises";
import type { ManagedProcess } from "./managed-process.ts";

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
  readonly #firstDelayMs: number;
  #stopping: Promise<void> | null = null;

  /** `report` gets a sentence when a process ended by itself; `firstDelayMs` passes before it is started again. */
  constructor(report: (message: string) => void, firstDelayMs = 500) {
    this.#report = report;
    this.#firstDelayMs = firstDelayMs;
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
    let delayMs = this.#firstDelayMs;
    let startedMs = performance.now();
    for (;;) {
      const how = await current.ended;
      if (this.#stopping !== null) return;
      if (performance.now() - startedMs > stableMs) delayMs = this.#firstDelayMs;
      this.#report(`The ${current.name} process ended (${how}); it is started again. Its log: ${current.logPath}`);
      let next: ManagedProcess | null = null;
      while (next === null) {
        await sleep(delayMs);
        delayMs = Math.min(delayMs * 2, longestDelayMs);
        if (this.#stopping !== null) return;
        startedMs = performance.now();
        next = await this.#startAgain(current.name, restart);
      }
      processes[processes.indexOf(current)] = next;
      // Asked to stop in the meantime, with the list as it was before.
      if (this.#stopping !== null) await next.stop();
      current = next;
    }
  }

  async #startAgain(name: string, restart: () => Promise<ManagedProcess>): Promise<ManagedProcess | null> {
    try {
      return await restart();
    } catch (error) {
      this.#report(`The ${name} process could not be started again: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    }
  }
}
