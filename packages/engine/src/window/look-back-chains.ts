import { grownInt32 } from "../state/grown-array.ts";

/** So many numbers a key. */
const width = 4;
/** The first and the last record; 0 is none. */
const firstOf = 0;
const lastOf = 1;
/** Records of the front. */
const frontOf = 2;

/**
 * The records in range of each key in a list, in order, with how many of the first of them are its front. Records are slots; 0 is none.
 * What is asked about has to have room.
 */
export class LookBackChains {
  #ofKeys: Int32Array = new Int32Array(0);
  /** By record: those behind and before it of its key. */
  #next: Int32Array = new Int32Array(0);
  #previous: Int32Array = new Int32Array(0);

  /** Approximate bytes held. */
  get bytes(): number {
    return this.#ofKeys.byteLength + this.#next.byteLength * 2;
  }

  /** Makes room for keys below `keys`. */
  reserveKeys(keys: number): void {
    this.#ofKeys = grownInt32(this.#ofKeys, keys * width);
  }

  /** Makes room for records below `records`. */
  reserveRecords(records: number): void {
    this.#next = grownInt32(this.#next, records);
    this.#previous = grownInt32(this.#previous, records);
  }

  /** Puts a record at the end of those of a key. */
  append(key: number, slot: number): void {
    const at = key * width;
    const last = this.#ofKeys[at + lastOf];
    this.#next[slot] = 0;
    this.#previous[slot] = last;
    if (last === 0) this.#ofKeys[at + firstOf] = slot;
    else this.#next[last] = slot;
    this.#ofKeys[at + lastOf] = slot;
  }

  first(key: number): number {
    return this.#ofKeys[key * width + firstOf];
  }

  last(key: number): number {
    return this.#ofKeys[key * width + lastOf];
  }

  /** The record before one that is not the first. */
  previous(slot: number): number {
    return this.#previous[slot];
  }

  removeFirst(key: number): void {
    const at = key * width;
    const next = this.#next[this.#ofKeys[at + firstOf]];
    this.#ofKeys[at + firstOf] = next;
    if (next === 0) this.#ofKeys[at + lastOf] = 0;
  }

  /** All records of a key. */
  records(key: number): Int32Array {
    const records: number[] = [];
    for (let slot = this.first(key); slot !== 0; slot = this.#next[slot]) records.push(slot);
    return Int32Array.from(records);
  }

  front(key: number): number {
    return this.#ofKeys[key * width + frontOf];
  }

  setFront(key: number, records: number): void {
    this.#ofKeys[key * width + frontOf] = records;
  }

  /** Forgets the records of a key. */
  clear(key: number): void {
    this.#ofKeys.fill(0, key * width, (key + 1) * width);
  }

  clearAll(): void {
    this.#ofKeys.fill(0);
  }
}
