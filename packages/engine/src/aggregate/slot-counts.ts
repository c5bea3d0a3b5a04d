import { grownFloat64, grownInt32 } from "../state/grown-array.ts";
import type { RestoredTable } from "../state/restored-table.ts";

const mostInt32 = 2 ** 31 - 1;

/** Whole numbers by slot, from 0 to 2^53: four bytes each until one outgrows them, then eight. */
export class SlotCounts {
  #counts: Int32Array | Float64Array = new Int32Array(16);
  /** No count is above this. */
  #most = 0;

  /** As it is now. */
  get column(): Int32Array | Float64Array {
    return this.#counts;
  }

  /** As `column`; null when a count has outgrown four bytes. */
  get ints(): Int32Array | null {
    return this.#counts instanceof Int32Array ? this.#counts : null;
  }

  reserve(slots: number): void {
    this.#counts = this.#counts instanceof Int32Array ? grownInt32(this.#counts, slots) : grownFloat64(this.#counts, slots);
  }

  /** Makes room for `count` more on any slot; the counts may then be raised through the array, which is returned. */
  open(count: number): Int32Array | Float64Array {
    this.#most += count;
    if (this.#most > mostInt32 && this.#counts instanceof Int32Array) this.#measure(count);
    return this.#counts;
  }

  get(slot: number): number {
    return this.#counts[slot];
  }

  /** Adds a whole number, which may be negative as long as the count is not. */
  add(slot: number, amount: number): void {
    this.set(slot, this.#counts[slot] + amount);
  }

  /** As `add`, of the counts of `from[0…count)` to `into[0…count)`, times `sign`. */
  addAll(into: Int32Array, from: Int32Array, count: number, sign: 1 | -1): void {
    const counts = this.#counts;
    const added =
      counts instanceof Int32Array
        ? addInts(counts, into, from, count, sign, this.#most)
        : addDoubles(counts, into, from, count, sign, this.#most);
    if (added < count) this.#addEach(into, from, added, count, sign);
  }

  #addEach(into: Int32Array, from: Int32Array, first: number, count: number, sign: 1 | -1): void {
    for (let p = first; p < count; p++) this.add(into[p], sign * this.#counts[from[p]]);
  }

  clear(slots: Int32Array, count: number): void {
    const counts = this.#counts;
    if (counts instanceof Int32Array) for (let p = 0; p < count; p++) counts[slots[p]] = 0;
    else for (let p = 0; p < count; p++) counts[slots[p]] = 0;
  }

  set(slot: number, count: number): void {
    if (count > this.#most) {
      this.#most = count;
      if (count > mostInt32 && this.#counts instanceof Int32Array) this.#counts = Float64Array.from(this.#counts);
    }
    this.#counts[slot] = count;
  }

  adopt(table: RestoredTable, index: number): void {
    this.#counts = table.whole(index);
    this.#most = highest(this.#counts);
  }

  /** The bound may have risen far above what is counted. */
  #measure(more: number): void {
    this.#most = highest(this.#counts) + more;
    if (this.#most > mostInt32 * 0.75) this.#counts = Float64Array.from(this.#counts);
  }
}

/** Adds until a sum is above `most`; returns how many were added. A loop for each kind of array: one for both would ask at every number which it is. */
function addInts(counts: Int32Array, into: Int32Array, from: Int32Array, count: number, sign: 1 | -1, most: number): number {
  for (let p = 0; p < count; p++) {
    const sum = counts[into[p]] + sign * counts[from[p]];
    if (sum > most) return p;
    counts[into[p]] = sum;
  }
  return count;
}

/** As `addInts`. */
function addDoubles(counts: Float64Array, into: Int32Array, from: Int32Array, count: number, sign: 1 | -1, most: number): number {
  for (let p = 0; p < count; p++) {
    const sum = counts[into[p]] + sign * counts[from[p]];
    if (sum > most) return p;
    counts[into[p]] = sum;
  }
  return count;
}

function highest(counts: Int32Array | Float64Array): number {
  let most = 0;
  for (const count of counts) if (count > most) most = count;
  return most;
}
