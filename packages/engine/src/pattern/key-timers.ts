import { grownFloat64, grownInt32 } from "../state/grown-array.ts";

const never = Number.POSITIVE_INFINITY;

/** One timer for each key, by time and then key: a binary heap in which timers that were replaced stay until they come up. Keys are small numbers. */
export class KeyTimers {
  #times: Float64Array = new Float64Array(16);
  #keys: Int32Array = new Int32Array(16);
  #count = 0;
  /** By key: its timer, +Infinity where there is none. */
  #timeOf: Float64Array = new Float64Array(0);
  #next = never;

  /** Time of the earliest timer; +Infinity when there is none. */
  get next(): number {
    return this.#next;
  }

  /** Sets the timer of a key; +Infinity takes it away. */
  set(key: number, time: number): void {
    const { length } = this.#timeOf;
    if (key >= length) {
      if (time === never) return;
      this.#timeOf = grownFloat64(this.#timeOf, key + 1);
      this.#timeOf.fill(never, length);
    }
    const before = this.#timeOf[key];
    if (before === time) return;
    this.#timeOf[key] = time;
    if (time !== never) this.#add(time, key);
    if (before === this.#next || time < this.#next) this.#dropReplaced();
  }

  /** Takes the earliest timer, which there is, off; returns its key. */
  take(): number {
    const key = this.#keys[0];
    this.#timeOf[key] = never;
    this.#removeFirst();
    this.#dropReplaced();
    return key;
  }

  #dropReplaced(): void {
    while (this.#count > 0 && this.#timeOf[this.#keys[0]] !== this.#times[0]) this.#removeFirst();
    this.#next = this.#count === 0 ? never : this.#times[0];
  }

  #add(time: number, key: number): void {
    this.#times = grownFloat64(this.#times, this.#count + 1);
    this.#keys = grownInt32(this.#keys, this.#count + 1);
    const [times, keys] = [this.#times, this.#keys];
    let at = this.#count++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (times[parent] < time || (times[parent] === time && keys[parent] <= key)) break;
      times[at] = times[parent];
      keys[at] = keys[parent];
      at = parent;
    }
    times[at] = time;
    keys[at] = key;
  }

  #removeFirst(): void {
    const count = --this.#count;
    if (count === 0) return;
    const [times, keys] = [this.#times, this.#keys];
    const time = times[count];
    const key = keys[count];
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= count) break;
      const other = child + 1;
      if (other < count && (times[other] < times[child] || (times[other] === times[child] && keys[other] < keys[child]))) child = other;
      if (time < times[child] || (time === times[child] && key <= keys[child])) break;
      times[at] = times[child];
      keys[at] = keys[child];
      at = child;
    }
    times[at] = time;
    keys[at] = key;
  }
}
