import { grownFloat64, grownInt32 } from "../state/grown-array.ts";

/** Ids by due time: a binary heap with the times in it. An id may be in it more than once. */
export class DueHeap {
  #times: Float64Array = new Float64Array(16);
  #ids: Int32Array = new Int32Array(16);
  #count = 0;

  /** Approximate bytes held. */
  get bytes(): number {
    return this.#times.byteLength + this.#ids.byteLength;
  }

  /** Whether there is an id that is due by `timeMs`, which may be infinite. */
  isDue(timeMs: number): boolean {
    return this.#count > 0 && this.#times[0] <= timeMs;
  }

  /** The earliest time, when it is not empty. */
  get firstMs(): number {
    return this.#times[0];
  }

  push(dueMs: number, id: number): void {
    this.#times = grownFloat64(this.#times, this.#count + 1);
    this.#ids = grownInt32(this.#ids, this.#count + 1);
    const [times, ids] = [this.#times, this.#ids];
    let at = this.#count++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (times[parent] <= dueMs) break;
      times[at] = times[parent];
      ids[at] = ids[parent];
      at = parent;
    }
    times[at] = dueMs;
    ids[at] = id;
  }

  /** Takes the id with the earliest time, which there is, off. */
  take(): number {
    const [times, ids] = [this.#times, this.#ids];
    const taken = ids[0];
    const count = --this.#count;
    const last = times[count];
    let at = 0;
    for (let child = 1; child < count; child = 2 * at + 1) {
      if (child + 1 < count && times[child + 1] < times[child]) child++;
      if (times[child] >= last) break;
      times[at] = times[child];
      ids[at] = ids[child];
      at = child;
    }
    times[at] = last;
    ids[at] = ids[count];
    return taken;
  }
}
