import { ConnectorError } from "../connector/connector-error.ts";
import type { Clock } from "../time/clock.ts";
import { alignSources } from "./align-sources.ts";
import type { DrivenSource } from "./driven-source.ts";
import type { LookupTask } from "./lookup-task.ts";
import { PipelineFailure } from "./pipeline-run.ts";
import { runFailure } from "./run-failure.ts";

const tickEveryMs = 100;
/** The host's other work (timers, sockets) gets a turn at least this often. */
const yieldEveryMs = 10;

interface Entry {
  readonly task: DrivenSource;
  state: "to-poll" | "polling" | "has-chunk" | "ended";
}

/**
 * Takes turns over the sources of a run, the one with the oldest watermark first, and over its lookups. While a lookup has
 * as many open questions as it may, no source is read.
 */
export class SourceLoop {
  readonly #clock: Clock;
  readonly #entries: Entry[] = [];
  readonly #lookups: LookupTask[] = [];
  /** How long sources have not been read because of lookups. */
  blockedMs = 0;
  #blockedSince: number | null = null;
  #wake: (() => void) | null = null;
  #woken = false;
  #sleep: { readonly untilMs: number; readonly abort: AbortController } | null = null;
  #failure: PipelineFailure | null = null;
  readonly #tellTime: (nowMs: number) => void;
  /** The first turn looks at the clock, so that no record comes before operators know the time. */
  #lastTick = Number.NEGATIVE_INFINITY;
  #lastYield = 0;

  /** `tellTime` tells operators of processing time, ms since the epoch. */
  constructor(clock: Clock, tellTime: (nowMs: number) => void) {
    this.#clock = clock;
    this.#tellTime = tellTime;
  }

  add(task: DrivenSource): void {
    this.#entries.push({ task, state: task.ended ? "ended" : "to-poll" });
    if (task.ended) task.drain();
  }

  addLookup(task: LookupTask): void {
    this.#lookups.push(task);
    task.onNews = () => this.wake();
  }

  /** All sources are bounded and at their end, and nothing waits for an answer. */
  get ended(): boolean {
    return this.#entries.every((entry) => entry.state === "ended") && !this.waiting;
  }

  /** Records wait for answers of lookups. */
  get waiting(): boolean {
    return this.#lookups.some((task) => task.waiting);
  }

  /** Lets lookups go on, without the sources, until nothing waits or `isCalledOff`. */
  async finishLookups(isCalledOff: () => boolean): Promise<void> {
    while (this.waiting && !isCalledOff()) {
      const until = this.#clock.monotonic() + tickEveryMs;
      if (!this.#workLookups()) await this.#wait(Math.min(until, this.#lookupsDueMs()));
      else await this.#yield();
    }
  }

  /** Gives up what is left of a wait, at the end of the run. */
  close(): void {
    this.#sleep?.abort.abort(waitEnded);
    this.#sleep = null;
  }

  /** Ends a wait early. */
  wake(): void {
    this.#woken = true;
    this.#wake?.();
  }

  /**
   * Works on a batch of each source that has one, or waits until something is to do, at the latest at
   * `deadline` (monotonic ms). Returns whether records moved. Rejects when a source fails.
   */
  async turn(deadline: number): Promise<boolean> {
    if (this.#failure !== null) throw this.#failure;
    const now = this.#clock.monotonic();
    if (now - this.#lastTick >= tickEveryMs) this.#tick(now);
    alignSources(this.#entries.map(({ task }) => task));
    if (this.#entries.length > 1) this.#entries.sort((a, b) => compareWatermarks(a.task.watermark, b.task.watermark));
    let moved = this.#workLookups();
    let until = Math.min(deadline, this.#lastTick + tickEveryMs, this.#lookupsDueMs());
    this.#noteBlocked(now);
    for (const entry of this.#blockedSince === null ? this.#entries : []) {
      if (entry.task.isHeld) continue;
      if (entry.state === "to-poll") this.#poll(entry);
      if (entry.state !== "has-chunk") continue;
      const progress = entry.task.work();
      if (progress.kind === "worked") moved = true;
      else if (progress.kind === "paced") until = Math.min(until, progress.untilMs);
      else if (progress.kind === "chunk-done") this.#poll(entry);
      else entry.state = "ended";
      if (progress.kind === "ended") return true;
    }
    if (!moved) await this.#wait(until);
    else if (now - this.#lastYield >= yieldEveryMs) await this.#yield();
    return moved;
  }

  #tick(now: number): void {
    this.#lastTick = now;
    for (const { task } of this.#entries) task.tick(this.#blockedSince !== null);
    this.#tellTime(this.#clock.now());
  }

  #workLookups(): boolean {
    let moved = false;
    for (const task of this.#lookups) if (task.work()) moved = true;
    return moved;
  }

  #lookupsDueMs(): number {
    return this.#lookups.reduce((due, task) => Math.min(due, task.dueMs), Number.POSITIVE_INFINITY);
  }

  #noteBlocked(now: number): void {
    if (this.#blockedSince !== null) this.blockedMs += now - this.#blockedSince;
    this.#blockedSince = this.#lookups.some((task) => task.full) ? now : null;
  }

  #poll(entry: Entry): void {
    entry.state = "polling";
    entry.task.poll().then(
      (chunk) => {
        entry.task.accept(chunk);
        entry.state = "has-chunk";
        this.wake();
      },
      (cause: unknown) => {
        this.#failure ??= sourceFailure(entry.task.host.step.node, cause);
        this.wake();
      },
    );
  }

  async #wait(untilMs: number): Promise<void> {
    // A source that has its next chunk at hand answers within this turn of the event loop: no timer is needed then.
    if (!this.#woken) await Promise.resolve();
    if (!this.#woken) {
      this.#sleepUntil(untilMs);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = null;
    } else if (this.#clock.monotonic() - this.#lastYield >= yieldEveryMs) {
      await this.#yield();
    } else {
      await Promise.resolve();
    }
    this.#woken = false;
  }

  /** A wait that ends early leaves its sleep to the next, which mostly has the same end: timers cost more than waking up in vain. */
  #sleepUntil(untilMs: number): void {
    if (this.#sleep !== null && this.#sleep.untilMs <= untilMs) return;
    this.close();
    const sleep = { untilMs, abort: new AbortController() };
    this.#sleep = sleep;
    this.#clock.sleep(Math.max(0, untilMs - this.#clock.monotonic()), sleep.abort.signal).then(() => {
      if (this.#sleep !== sleep) return;
      this.#sleep = null;
      this.#wake?.();
    });
  }

  async #yield(): Promise<void> {
    await this.#clock.sleep(0);
    this.#lastYield = this.#clock.monotonic();
  }
}

/** Made once: an exception takes the stack that it is made on along. */
const waitEnded = new DOMException("The wait has ended.", "AbortError");

/** -Infinity before any data sorts first, without the NaN of a subtraction. */
function compareWatermarks(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The failure that a run ends with when a source fails. */
export function sourceFailure(node: string, cause: unknown): PipelineFailure {
  if (cause instanceof PipelineFailure) return cause;
  if (cause instanceof ConnectorError) return new PipelineFailure(cause.code, node, cause.message, cause.retryable, cause);
  return runFailure("SOURCE_FAILED", { reason: String(cause) }, { node, retryable: true, cause });
}
