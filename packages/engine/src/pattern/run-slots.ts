import { grownInt32 } from "../state/grown-array.ts";

/** What a list of runs ends with: the run that waits for a first event, which has no slot; or not even that. */
export const [startRun, noRun] = [0, -1];

/** Partial matches in lists, in columns: slots are numbers from 1. */
export class RunSlots {
  states: Int32Array = new Int32Array(16);
  takens: Int32Array = new Int32Array(16);
  /** The next of a list. */
  nexts: Int32Array = new Int32Array(16);
  #free = 0;
  #made = 1;
  #size = 0;

  /** Slots in use. */
  get size(): number {
    return this.#size;
  }

  /** Approximate bytes held. */
  get bytes(): number {
    return this.states.byteLength * 3;
  }

  add(state: number, taken: number, next: number): number {
    let slot = this.#free;
    if (slot > 0) this.#free = this.nexts[slot];
    else {
      slot = this.#made++;
      if (slot === this.states.length) this.#grow(slot + 1);
    }
    this.#size++;
    this.states[slot] = state;
    this.takens[slot] = taken;
    this.nexts[slot] = next;
    return slot;
  }

  /** Gives a slot back; returns the one behind it. */
  remove(slot: number): number {
    const next = this.nexts[slot];
    this.nexts[slot] = this.#free;
    this.#free = slot;
    this.#size--;
    return next;
  }

  #grow(needed: number): void {
    this.states = grownInt32(this.states, needed);
    this.takens = grownInt32(this.takens, this.states.length);
    this.nexts = grownInt32(this.nexts, this.states.length);
  }
}
