import { grownInt32 } from "../state/grown-array.ts";

/** Records in the order in which they entered, as a list that they leave at its front. A record is a positive number; 0 is none. */
export class EntryOrder {
  #next: Int32Array = new Int32Array(16);
  #last = 0;
  first = 0;

  next(record: number): number {
    return this.#next[record];
  }

  /** Makes room for records below `records`. */
  reserve(records: number): void {
    this.#next = grownInt32(this.#next, records);
  }

  append(record: number): void {
    this.#next[record] = 0;
    if (this.#last === 0) this.first = record;
    else this.#next[this.#last] = record;
    this.#last = record;
  }

  removeFirst(): void {
    this.first = this.#next[this.first];
    if (this.first === 0) this.#last = 0;
  }

  /** Takes out those of which `isGone` is true. */
  removeAll(isGone: (record: number) => boolean): void {
    let record = this.first;
    this.clear();
    while (record !== 0) {
      const next = this.#next[record];
      if (!isGone(record)) this.append(record);
      record = next;
    }
  }

  clear(): void {
    this.first = 0;
    this.#last = 0;
  }
}
