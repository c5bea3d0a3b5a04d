import type { ChildProcess } from "node:child_process";

/**
 * Keeps one pipeline process that has loaded its program and waits, so that a restart does not wait for that: about a second
 * of work. One that ends while it waits is forgotten; then `take` starts a new one.
 */
export class SpareProcess {
  readonly #fork: () => ChildProcess;
  readonly #refillAfterMs: number;
  #spare: ChildProcess | null = null;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /** `refillAfterMs`: so long after one was needed, as that one should have the machine to itself while it restores. Nothing is started before `refill` or `take`. */
  constructor(fork: () => ChildProcess, refillAfterMs = 1500) {
    this.#fork = fork;
    this.#refillAfterMs = refillAfterMs;
  }

  /** The one that waits, or a new one. Another is made ready a while later. */
  take(): ChildProcess {
    const spare = this.#spare;
    this.#spare = null;
    this.refill();
    return spare?.connected === true ? spare : this.#fork();
  }

  /** Makes one ready, if none is, after a while that begins anew with every call. */
  refill(): void {
    clearTimeout(this.#timer);
    if (!this.#closed) this.#timer = setTimeout(() => this.#make(), this.#refillAfterMs);
  }

  /** Resolves when the one that waited is gone. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    const spare = this.#spare;
    this.#spare = null;
    if (spare === null || spare.exitCode !== null) return;
    const gone = new Promise((resolve) => spare.once("exit", resolve));
    spare.kill("SIGKILL");
    await gone;
  }

  #make(): void {
    if (this.#spare !== null) return;
    const spare = this.#fork();
    this.#spare = spare;
    const forget = (): void => {
      if (this.#spare === spare) this.#spare = null;
    };
    spare.once("error", forget);
    spare.once("exit", forget);
  }
}
