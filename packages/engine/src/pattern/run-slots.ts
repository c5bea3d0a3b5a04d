import { grownInt32 } from "../state/grown-array.ts";
import type { TakenEvents } from "./taken-events.ts";

/** What a list of runs ends with: the run that waits for a first event, which has no slot; or not even that. */
export const [startRun, noRun] = [0, -1];

/** Runs in lists, in columns: slots are numbers from 1. What is dropped releases what it has taken. */
export class RunSlots {
  readonly #taken: TakenEvents;
  states: Int32Array = new Int32Array(16);
  takens: Int32Array = new Int32Array(16);
  /** The next of a list. */
  nexts: Int32Array = new Int32Array(16);
  #free = 0;
  #made = 1;
  #size = 0;

  constructor(taken: TakenEvents) {
    this.#taken = taken;
  }

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

  /** Forgets the runs of a list from `first` on; returns what it ends with. */
  dropAll(first: number): number {
    let run = first;
    while (run > 0) {
      this.#taken.release(this.takens[run]);
      run = this.remove(run);
    }
    return run;
  }

  /** Forgets all runs of a list but the first so many; returns its first then. */
  dropBehind(first: number, most: number): number {
    if (most === 0) return this.dropAll(first);
    let last = first;
    for (let i = 1; i < most && last > 0; i++) last = this.nexts[last];
    if (last > 0) this.nexts[last] = this.dropAll(this.nexts[last]);
    return first;
  }

  /** Forgets the runs at the front of a list whose first event has a number below `bound`; returns its first then. */
  dropBefore(first: number, bound: number): number {
    let run = first;
    while (run > 0 && this.#taken.numberOfFirst(this.takens[run]) < bound) {
      this.#taken.release(this.takens[run]);
      run = this.remove(run);
    }
    return run;
  }

  #grow(needed: number): void {
    this.states = grownInt32(this.states, needed);
    this.takens = grownInt32(this.takens, this.states.length);
    this.nexts = grownInt32(this.nexts, this.states.length);
  }
}
