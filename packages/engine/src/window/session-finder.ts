import type { SessionWindow } from "../plan/window-spec.ts";
import type { SessionStore } from "./session-store.ts";

/**
 * Finds what a record belongs to: the sessions of its key that are at most the gap away, of which there is one before
 * and one after it at most. Where a maximum duration forbids to join both, the earlier one is joined.
 */
export class SessionFinder {
  readonly #store: SessionStore;
  readonly #gapMs: number;
  readonly #maxMs: number;
  /** The session that begins before the record and takes it; 0 = none. */
  left = 0;
  /** The session that begins after the record and takes it; 0 = none. */
  right = 0;
  /** The record leaves the times of `left` as they are. */
  inside = false;
  /** Last event time of the session with the record. */
  last = 0;
  /** The session of the key before the record, whether it takes it or not; 0 = none. */
  before = 0;

  constructor(store: SessionStore, window: SessionWindow) {
    this.#store = store;
    this.#gapMs = window.gapMs;
    this.#maxMs = window.maxDurationMs ?? Number.POSITIVE_INFINITY;
  }

  /** Leaves what it finds in the fields. */
  find(key: number, timeMs: number): void {
    const { first, last } = this.#store;
    const before = this.#store.atOrBefore(key, timeMs);
    this.before = before;
    this.right = 0;
    this.inside = before !== 0 && timeMs <= last[before];
    if (this.inside) {
      this.left = before;
      this.last = last[before];
      return;
    }
    this.left = before !== 0 && timeMs - last[before] <= this.#gapMs && timeMs - first[before] < this.#maxMs ? before : 0;
    this.last = timeMs;
    const after = this.#store.after(key, before);
    if (after === 0 || first[after] - timeMs > this.#gapMs) return;
    if (last[after] - (this.left === 0 ? timeMs : first[this.left]) >= this.#maxMs) return;
    this.right = after;
    this.last = last[after];
  }
}
