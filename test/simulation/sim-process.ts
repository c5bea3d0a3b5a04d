import type { Clock } from "@millrace/engine";
import { drawFault, type FaultPlan } from "./faults.ts";
import type { Scheduler } from "./scheduler.ts";

/** A call that failed although nothing says whether its effect came about. */
export class Unclear extends Error {}

/** Told of what happens to calls, for counting. */
export interface CallWatcher {
  /** The caller died at this call; `effect`: whether it came about. */
  onCrash(process: SimProcess, label: string, effect: boolean): void;
  onUnclear(process: SimProcess, label: string, effect: boolean): void;
  /** A call of a process that was stopped for a while is refused. */
  onRefusedAfterStop(process: SimProcess): void;
}

export interface SimMachine {
  readonly scheduler: Scheduler;
  readonly faults: FaultPlan;
  readonly watcher: CallWatcher;
  /** What the wall clock is ahead of virtual time; it jumps. */
  wallOffsetMs: number;
}

/**
 * A process: what it does goes out through calls and sleeps, and nothing comes back to it once it is dead, or while it
 * is stopped. What it has sent before still arrives.
 */
export class SimProcess {
  readonly name: string;
  readonly #machine: SimMachine;
  readonly clock: Clock;
  alive = true;
  #stopped = false;
  /** It has been stopped at some time. */
  wasStopped = false;
  #held: (() => void)[] = [];
  readonly #onExit: (() => void)[] = [];

  constructor(name: string, machine: SimMachine) {
    this.name = name;
    this.#machine = machine;
    const { scheduler } = machine;
    this.clock = {
      now: () => Math.floor(1_700_000_000_000 + scheduler.nowMs + machine.wallOffsetMs),
      monotonic: () => scheduler.nowMs,
      sleep: (ms, signal) => this.#sleep(ms, signal),
    };
  }

  /** Calls something outside: `effect` happens there, at once and whole, or throws what the other side answers. */
  call<T>(label: string, effect: () => T): Promise<T> {
    const { scheduler, faults, watcher } = this.#machine;
    return new Promise((resolve, reject) => {
      if (!this.alive) return;
      const fault = drawFault(scheduler.random, faults, label, scheduler.nowMs);
      const refuse = (): void => this.#reply(() => reject(new Unclear(`${label}: the connection was lost`)));
      scheduler.after(this.#latencyMs(), () => {
        if (fault !== null) scheduler.say(() => `${this.name} ${label} !${fault}`);
        if (fault === "crash-before") {
          if (!this.alive) return;
          watcher.onCrash(this, label, false);
          return this.die(`at ${label}`);
        }
        if (fault === "error-before" || fault === "late-effect") {
          watcher.onUnclear(this, label, fault === "late-effect");
          if (fault === "late-effect") scheduler.after(scheduler.random.below(900), () => this.#happenLate(label, effect));
          return refuse();
        }
        const outcome = attempt(effect);
        if (!outcome.ok && this.wasStopped) watcher.onRefusedAfterStop(this);
        scheduler.say(() => `${this.name} ${label}${outcome.ok ? "" : ` refused: ${String(outcome.cause)}`}`);
        if (fault === "crash-after" && this.alive) {
          watcher.onCrash(this, label, outcome.ok);
          return this.die(`behind ${label}`);
        }
        if (fault === "error-after") {
          watcher.onUnclear(this, label, outcome.ok);
          return refuse();
        }
        this.#reply(() => (outcome.ok ? resolve(outcome.value) : reject(outcome.cause)));
      });
    });
  }

  /** Ends the process at once, as SIGKILL does. */
  die(why: string): void {
    if (!this.alive) return;
    this.alive = false;
    this.#held = [];
    this.#machine.scheduler.say(() => `${this.name} dies ${why}`);
    for (const tell of this.#onExit) this.#machine.scheduler.after(1, tell);
  }

  /** Ends the process in order. */
  exit(): void {
    this.die("in order");
  }

  onExit(tell: () => void): void {
    if (this.alive) this.#onExit.push(tell);
    else this.#machine.scheduler.after(1, tell);
  }

  /** As SIGSTOP and SIGCONT do. */
  stopFor(ms: number): void {
    if (!this.alive || this.#stopped) return;
    this.#stopped = true;
    this.wasStopped = true;
    this.#machine.scheduler.say(() => `${this.name} stops for ${ms} ms`);
    this.#machine.scheduler.after(ms, () => {
      this.#stopped = false;
      this.#machine.scheduler.say(() => `${this.name} continues`);
      for (const run of this.#held.splice(0)) this.receive(run);
    });
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** Something reaches the process: now, when it continues, or never. */
  receive(run: () => void): void {
    if (!this.alive) return;
    if (this.#stopped) this.#held.push(run);
    else run();
  }

  #reply(run: () => void): void {
    this.#machine.scheduler.after(this.#latencyMs(), () => this.receive(run));
  }

  #happenLate(label: string, effect: () => unknown): void {
    const outcome = attempt(effect);
    this.#machine.scheduler.say(() => `${this.name} ${label} comes late${outcome.ok ? "" : ` and is refused: ${String(outcome.cause)}`}`);
  }

  #latencyMs(): number {
    return 1 + this.#machine.scheduler.random.below(6);
  }

  #sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (!this.alive) return;
      if (signal?.aborted === true) return resolve();
      signal?.addEventListener("abort", () => resolve(), { once: true });
      this.#machine.scheduler.after(Math.max(0, ms), () => {
        if (signal?.aborted !== true) this.receive(resolve);
      });
    });
  }
}

type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly cause: unknown };

function attempt<T>(effect: () => T): Outcome<T> {
  try {
    return { ok: true, value: effect() };
  } catch (cause) {
    return { ok: false, cause };
  }
}
