import type { LiveEvent } from "../../live/live-event.ts";

/** Most events that wait for a slow reader; beyond it the oldest go, and a page shows them again when it reloads its lists. */
const capacity = 500;

/**
 * Events between the hub and one open stream. A newer frame or status of a deployment takes the place of one that
 * still waits, so that a slow reader gets fewer numbers and never older ones.
 */
export class EventBuffer {
  #waiting: LiveEvent[] = [];
  #wake: (() => void) | null = null;

  push(event: LiveEvent): void {
    const key = replaceKey(event);
    if (key !== null) this.#waiting = this.#waiting.filter((other) => replaceKey(other) !== key);
    this.#waiting.push(event);
    if (this.#waiting.length > capacity) this.#waiting.shift();
    this.#wake?.();
  }

  /** All that waits, as soon as there is something; empty when the signal is aborted first. */
  async take(signal: AbortSignal): Promise<readonly LiveEvent[]> {
    if (this.#waiting.length === 0 && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          signal.removeEventListener("abort", wake);
          this.#wake = null;
          resolve();
        };
        this.#wake = wake;
        signal.addEventListener("abort", wake);
      });
    }
    const events = this.#waiting;
    this.#waiting = [];
    return events;
  }
}

function replaceKey(event: LiveEvent): string | null {
  if (event.kind === "frame") return `frame ${event.frame.deploymentId}`;
  if (event.kind === "status") return `status ${event.status.deploymentId}`;
  return null;
}
