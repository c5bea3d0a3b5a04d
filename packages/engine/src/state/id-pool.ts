import { grownInt32 } from "./grown-array.ts";

/** Dense ids from 0; those given back are handed out again, the latest first. */
export class IdPool {
  #free: Int32Array = new Int32Array(16);
  #freeCount = 0;
  #capacity = 0;

  /** All ids handed out so far are below this. */
  get capacity(): number {
    return this.#capacity;
  }

  /** Ids in use. */
  get size(): number {
    return this.#capacity - this.#freeCount;
  }

  take(): number {
    return this.#freeCount > 0 ? this.#free[--this.#freeCount] : this.#capacity++;
  }

  /** `count` ids. Of those given back together the order is kept: what lay side by side still does. */
  takeAll(into: Int32Array, count: number): void {
    const known = Math.min(count, this.#freeCount);
    this.#freeCount -= known;
    into.set(this.#free.subarray(this.#freeCount, this.#freeCount + known));
    for (let i = known, id = this.#capacity; i < count; i++, id++) into[i] = id;
    this.#capacity += count - known;
  }

  give(id: number): void {
    this.#free = grownInt32(this.#free, this.#freeCount + 1);
    this.#free[this.#freeCount++] = id;
  }

  /** As `give`, of `ids[0…count)`. */
  giveAll(ids: Int32Array, count: number): void {
    this.#free = grownInt32(this.#free, this.#freeCount + count);
    this.#free.set(ids.subarray(0, count), this.#freeCount);
    this.#freeCount += count;
  }

  /** The ids in use, ascending. */
  used(): Int32Array {
    const isFree = new Uint8Array(this.#capacity);
    for (let i = 0; i < this.#freeCount; i++) isFree[this.#free[i]] = 1;
    const used = new Int32Array(this.size);
    let count = 0;
    for (let id = 0; id < this.#capacity; id++) if (isFree[id] === 0) used[count++] = id;
    return used;
  }

  /** Starts over with exactly these ids (ascending) in use. */
  restore(used: Int32Array): void {
    this.#freeCount = 0;
    this.#capacity = used.length === 0 ? 0 : used[used.length - 1] + 1;
    let next = used.length - 1;
    for (let id = this.#capacity - 1; id >= 0; id--) {
      if (next >= 0 && used[next] === id) next--;
      else this.give(id);
    }
  }
}
