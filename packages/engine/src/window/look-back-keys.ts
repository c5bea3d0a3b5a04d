import type { AggregateSet } from "../aggregate/aggregate-set.ts";
import type { RunningTotals, TotalRows } from "../aggregate/running-totals.ts";
import type { ColumnBuilder } from "../column/column-builder.ts";

/** Slot of the totals and of what is behind the front; 0 = no records in range, or the totals lie behind these numbers. */
export const totalOf = 0;
/** Records in range, and others that need the key. */
export const referencesOf = 1;
/** Records in range. */
export const sizeOf = 2;
/** The moment at which a record entered last, as `LookBackRanges` counts them. */
export const momentOf = 3;
const numbers = 4;
const fewestKeys = 16;
/**
 * Bytes before the first row. Where much memory comes from glibc it begins 16 bytes behind a page, and so the rows with a line of the
 * cache: none of 32 bytes is in two. Elsewhere nothing is lost.
 */
const toLine = 48;

/**
 * What is known of the keys of a look-back: so many numbers a key, which lie together, so that a record touches one line of the
 * cache for it. Where they can the totals of a key lie behind its numbers; elsewhere they are in a slot.
 */
export class LookBackKeys implements TotalRows {
  /** `width` numbers a key. Both arrays are replaced when keys come. */
  ints: Int32Array;
  doubles: Float64Array;
  width: number;
  /** null: the totals are in slots. */
  running: RunningTotals | null;

  constructor(aggregates: AggregateSet) {
    this.running = aggregates.has("mergeable") ? null : aggregates.runningTotals(numbers);
    // Rows of 32 bytes, or of more times 16, seldom or never lie across a line.
    this.width = numbers * Math.ceil(1 + (this.running?.width ?? 0) / numbers);
    this.ints = new Int32Array(fewestKeys * this.width);
    this.doubles = new Float64Array(this.ints.buffer);
  }

  /** Keys that there is room for. */
  get room(): number {
    return this.ints.length / this.width;
  }

  get bytes(): number {
    return this.ints.byteLength;
  }

  /** One of the numbers of a key; 0 where there is no room for it yet. */
  of(key: number, number: number): number {
    return key < this.room ? this.ints[key * this.width + number] : 0;
  }

  /** Makes room for keys below `end`. */
  reserve(end: number): void {
    if (end * this.width <= this.ints.length) return;
    const length = Math.max(end * this.width, this.ints.length * 2);
    const grown = new ArrayBuffer(toLine + length * 4);
    const ints = new Int32Array(grown, toLine, length);
    ints.set(this.ints);
    this.ints = ints;
    this.doubles = new Float64Array(grown, toLine, length / 2);
  }

  /** Brings the totals behind the keys at `at[0…count)` up to date: `sign` 1 adds what slots hold, -1 takes it out again. */
  merge(at: Int32Array, slots: Int32Array, count: number, sign: 1 | -1): void {
    this.running?.merge(this, at, slots, count, sign);
  }

  /** Writes the aggregates of the keys at `at[0…count)`. */
  write(at: Int32Array, count: number, into: readonly (ColumnBuilder | null)[], row: number): void {
    this.running?.write(this, at, count, into, row);
  }

  /** Empties the totals behind the keys at `at[0…count)`. */
  clearTotals(at: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) this.clearTotal(at[i]);
  }

  clearTotal(at: number): void {
    for (let i = at + numbers; i < at + this.width; i++) this.ints[i] = 0;
  }

  /** Goes on with totals in slots: `takeTotal` gives an empty one for each key that has records in range. */
  useSlots(takeTotal: () => number): void {
    const { running, ints: old, width } = this;
    if (running === null) return;
    const room = old.length / width;
    const ints = new Int32Array(room * numbers);
    for (let key = 0, from = 0, at = 0; key < room; key++, from += width, at += numbers) {
      for (let i = 0; i < numbers; i++) ints[at + i] = old[from + i];
      if (old[from + sizeOf] === 0) continue;
      ints[at + totalOf] = takeTotal();
      running.keep(this, from, ints[at + totalOf]);
    }
    this.ints = ints;
    this.doubles = new Float64Array(ints.buffer);
    this.width = numbers;
    this.running = null;
  }
}
