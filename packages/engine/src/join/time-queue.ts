import { grownInt32 } from "../state/grown-array.ts";
import { type TimedSlots, TimeIndex } from "./time-index.ts";

/** The one group of the index. */
const allSlots = 0;

/**
 * Slots that are taken in order of (time, insertion). Those that come in the order of their times, as most do, are a list;
 * only the others are looked for a place among each other.
 */
export class TimeQueue {
  readonly #slots: TimedSlots;
  /** In order: `#list[#from…#to)`. */
  #list: Int32Array = new Int32Array(16);
  #from = 0;
  #to = 0;
  /** Slots that came behind later ones. Of one time, those in the list came before them. */
  readonly #others: TimeIndex;
  #otherCount = 0;
  /** No slot in the list has a later time. */
  #latest = Number.NEGATIVE_INFINITY;
  #taken: Int32Array = new Int32Array(16);

  constructor(slots: TimedSlots) {
    this.#slots = slots;
    this.#others = new TimeIndex(slots);
  }

  get size(): number {
    return this.#to - this.#from + this.#otherCount;
  }

  /** No slot has a later time; it may be that none has this one any more. */
  get latest(): number {
    return this.#latest;
  }

  /** Approximate bytes held. */
  get bytes(): number {
    return this.#list.byteLength + this.#taken.byteLength + this.#others.bytes;
  }

  /** Adds a slot behind those of the same time. */
  insert(slot: number): void {
    const at = this.#slots.time[slot];
    if (at >= this.#latest) {
      this.#latest = at;
      if (this.#to === this.#list.length) this.#makeRoom(1);
      this.#list[this.#to++] = slot;
    } else {
      this.#others.insert(allSlots, slot);
      this.#otherCount++;
    }
  }

  /** As `insert`, of `slots[0…count)` in order. */
  insertAll(slots: Int32Array, count: number): void {
    const { time } = this.#slots;
    if (this.#to + count > this.#list.length) this.#makeRoom(count);
    const list = this.#list;
    let [latest, to] = [this.#latest, this.#to];
    for (let i = 0; i < count; i++) {
      const slot = slots[i];
      if (time[slot] >= latest) {
        latest = time[slot];
        list[to++] = slot;
      } else {
        this.#others.insert(allSlots, slot);
        this.#otherCount++;
      }
    }
    this.#latest = latest;
    this.#to = to;
  }

  /** Takes the slots with a time of at most `timeMs`; the array is good until the next time. */
  takeThrough(timeMs: number): Int32Array {
    const { time } = this.#slots;
    let to = this.#from;
    while (to < this.#to && time[this.#list[to]] <= timeMs) to++;
    const taken = this.#otherCount === 0 ? this.#list.subarray(this.#from, to) : this.#merged(to, timeMs);
    this.#from = to;
    if (this.#from === this.#to) {
      // What was taken stays readable in the list until something is added.
      this.#from = 0;
      this.#to = 0;
      if (this.#otherCount === 0) this.#latest = Number.NEGATIVE_INFINITY;
    }
    return taken;
  }

  #merged(to: number, timeMs: number): Int32Array {
    const { time } = this.#slots;
    const others = this.#others;
    this.#taken = grownInt32(this.#taken, to - this.#from + this.#otherCount);
    let count = 0;
    let at = this.#from;
    for (let other = others.first(allSlots); other >= 0 && time[other] <= timeMs; other = others.first(allSlots)) {
      while (at < to && time[this.#list[at]] <= time[other]) this.#taken[count++] = this.#list[at++];
      this.#taken[count++] = others.removeFirst(allSlots);
      this.#otherCount--;
    }
    while (at < to) this.#taken[count++] = this.#list[at++];
    return this.#taken.subarray(0, count);
  }

  #makeRoom(slots: number): void {
    if (this.#from * 2 > this.#to) {
      this.#list.copyWithin(0, this.#from, this.#to);
      this.#to -= this.#from;
      this.#from = 0;
    }
    this.#list = grownInt32(this.#list, this.#to + slots);
  }
}
