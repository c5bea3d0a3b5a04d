import type { Trigger } from "../plan/pane-operator.ts";

/**
 * When an interval of a trigger is over: the first multiple of it after the earliest change that has not been said. It
 * rests while nothing changes.
 */
export class TriggerClock {
  /** Results come by this time; null: not by time. */
  readonly time: "event-time" | "processing-time" | null;
  readonly #everyMs: number;
  /** When it is due; infinite: nothing has changed. */
  nextMs = Number.POSITIVE_INFINITY;

  constructor(trigger: Trigger | undefined) {
    this.time = trigger === undefined || trigger.kind === "records" ? null : trigger.kind;
    this.#everyMs = trigger === undefined || trigger.kind === "records" ? 1 : trigger.everyMs;
  }

  /** Something has changed at a time. */
  note(atMs: number): void {
    if (this.time === null || !Number.isFinite(atMs)) return;
    const boundary = (Math.floor(atMs / this.#everyMs) + 1) * this.#everyMs;
    if (boundary < this.nextMs) this.nextMs = boundary;
  }

  /** Whether it is due when time has reached `nowMs`; it rests then. */
  due(nowMs: number): boolean {
    if (nowMs < this.nextMs) return false;
    this.nextMs = Number.POSITIVE_INFINITY;
    return true;
  }
}
