import { grownInt32 } from "../state/grown-array.ts";
import type { RunSlots } from "./run-slots.ts";
import type { TakenEvents } from "./taken-events.ts";

/** Complete runs of all keys that are held back while a run that began earlier may still complete: in order of first events, then of completion. */
export class HeldRuns {
  readonly #slots: RunSlots;
  readonly #taken: TakenEvents;
  /** By key: the first; 0 = none. */
  #heads: Int32Array = new Int32Array(16);

  constructor(slots: RunSlots, taken: TakenEvents) {
    this.#slots = slots;
    this.#taken = taken;
  }

  /** Approximate bytes held. */
  get bytes(): number {
    return this.#heads.byteLength;
  }

  /** Makes room for all keys below `keys`. */
  reserve(keys: number): void {
    this.#heads = grownInt32(this.#heads, keys);
  }

  has(key: number): boolean {
    return this.#heads[key] !== 0;
  }

  /** Slot of the first run of a key; 0 = none. */
  first(key: number): number {
    return this.#heads[key];
  }

  /** Takes the first run of a key off, which there is, and gives its slot back. */
  removeFirst(key: number): void {
    this.#heads[key] = this.#slots.remove(this.#heads[key]);
  }

  /** Puts a run behind those with the same first event; returns its slot. */
  add(key: number, state: number, taken: number): number {
    const before = this.#lastUpTo(key, this.#taken.numberOfFirst(taken));
    return this.#insert(key, before, state, taken, this.#behind(key, before));
  }

  /**
   * As `add`, of a run that rules out all that begin within it, and that ends with the newest event: it gives up those behind it, and comes
   * to nothing where it begins within one before it. Returns whether it is held.
   */
  addCovering(key: number, state: number, taken: number): boolean {
    const first = this.#taken.numberOfFirst(taken);
    const before = this.#lastUpTo(key, first);
    if (before !== 0 && first <= this.#taken.numberOfLast(this.#slots.takens[before])) {
      this.#taken.release(taken);
      return false;
    }
    this.#insert(key, before, state, taken, this.#slots.dropAll(this.#behind(key, before)));
    return true;
  }

  /** Forgets the runs whose first event has a number below `bound`. */
  dropBefore(key: number, bound: number): void {
    this.#heads[key] = this.#slots.dropBefore(this.#heads[key], bound);
  }

  /** Forgets all runs of a key but the first so many. */
  dropBehind(key: number, most: number): void {
    this.#heads[key] = this.#slots.dropBehind(this.#heads[key], most);
  }

  /** Forgets all runs of a key. */
  clear(key: number): void {
    this.#heads[key] = this.#slots.dropAll(this.#heads[key]);
  }

  /** Puts a run before all others of a key. */
  prepend(key: number, state: number, taken: number): void {
    this.#heads[key] = this.#slots.add(state, taken, this.#heads[key]);
  }

  /** The last run of a key that began with the event of that number or earlier; 0 = none. */
  #lastUpTo(key: number, number: number): number {
    const { nexts, takens } = this.#slots;
    let last = 0;
    for (let run = this.#heads[key]; run > 0 && this.#taken.numberOfFirst(takens[run]) <= number; run = nexts[run]) last = run;
    return last;
  }

  #behind(key: number, before: number): number {
    return before === 0 ? this.#heads[key] : this.#slots.nexts[before];
  }

  #insert(key: number, before: number, state: number, taken: number, behind: number): number {
    const slot = this.#slots.add(state, taken, behind);
    if (before === 0) this.#heads[key] = slot;
    else this.#slots.nexts[before] = slot;
    return slot;
  }
}
