import type { KeyedState } from "../state/cold-keys.ts";
import { grownInt32 } from "../state/grown-array.ts";
import { IdPool } from "../state/id-pool.ts";
import type { KeyTable } from "../state/key-table.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import { noWatermark } from "../time/watermark.ts";
import type { Slice } from "./slice.ts";
import { SliceStore } from "./slice-store.ts";

/**
 * The groups (interval, key) of operators whose intervals follow one another without overlap, each with a slot from 1
 * on for what its owner keeps of it. A group lives until the watermark reaches the last millisecond of its interval.
 */
export class IntervalGroups {
  readonly sizeMs: number;
  readonly offsetMs: number;
  readonly #keys: KeyTable;
  readonly #store = new SliceStore();
  readonly #pool = new IdPool();
  /** By key: intervals that have it. */
  #references: Int32Array = new Int32Array(16);
  /** The first interval that is open. */
  #open = noWatermark;
  /** Keys that have moved out and still have places in intervals. */
  readonly #gone: number[] = [];

  constructor(keys: KeyTable, sizeMs: number, offsetMs: number) {
    this.#keys = keys;
    this.sizeMs = sizeMs;
    this.offsetMs = offsetMs;
    this.#pool.take();
  }

  /** All slots are below this. */
  get capacity(): number {
    return this.#pool.capacity;
  }

  /** Approximate bytes held, without the keys. */
  get bytes(): number {
    return this.#store.slices.reduce((bytes, slice) => bytes + slice.bytes, this.#references.byteLength);
  }

  /** The number of the interval that holds a time. */
  intervalAt(timeMs: number): number {
    return Math.floor((timeMs - this.offsetMs) / this.sizeMs);
  }

  startMs(interval: number): number {
    return this.offsetMs + interval * this.sizeMs;
  }

  /** The first interval that is open. */
  get open(): number {
    return this.#open;
  }

  /** The first interval that will be open when a watermark has been reached. */
  openAt(watermark: number): number {
    return Math.floor((watermark + 1 - this.offsetMs) / this.sizeMs);
  }

  /** The first interval that has groups; infinite when there are none. */
  get first(): number {
    return this.#store.slices[0]?.index ?? Number.POSITIVE_INFINITY;
  }

  /** Keys that have groups. */
  get size(): number {
    return this.#keys.size - this.#gone.length;
  }

  holds(key: number): boolean {
    return key < this.#references.length && this.#references[key] > 0;
  }

  /** The groups of a key. */
  of(key: number): readonly { readonly interval: number; readonly slot: number }[] {
    return this.#store.slices
      .filter((slice) => slice.slotOf(key) !== 0)
      .map((slice) => ({ interval: slice.index, slot: slice.slotOf(key) }));
  }

  /** The last interval in which a key has a group. */
  latest(key: number): number {
    return this.#store.slices.findLast((slice) => slice.slotOf(key) !== 0)?.index ?? noWatermark;
  }

  /** Forgets the groups of a key, whose slots are free afterwards; what is left of them goes with `movedOut`. */
  moveOut(key: number): void {
    for (const { slot } of this.of(key)) this.#pool.give(slot);
    this.#references[key] = 0;
    this.#gone.push(key);
  }

  movedOut(): void {
    if (this.#gone.length === 0) return;
    const isGone = new Uint8Array(this.#keys.capacity);
    for (const key of this.#gone) isGone[key] = 1;
    for (const slice of this.#store.slices) slice.remove(isGone);
    for (const key of this.#gone) this.#keys.release(key);
    this.#gone.length = 0;
  }

  /** False when the watermark has passed the interval. */
  isOpen(interval: number): boolean {
    return interval >= this.#open;
  }

  /** The slot of a group, a new one when there is none; of a key that was assigned and an interval that is open. */
  slotOf(interval: number, key: number): number {
    const slice = this.#store.obtain(interval);
    return slice.slotOf(key) || this.#add(slice, key);
  }

  /** Ends the intervals that a watermark has passed, in order: `give` gets each with its groups, whose slots are free afterwards. */
  close(watermark: number, give: (interval: Slice) => void): void {
    this.closeBefore(this.openAt(watermark), give);
  }

  /** As `close`, of the intervals before one. */
  closeBefore(open: number, give: (interval: Slice) => void): void {
    if (!(open > this.#open)) return;
    this.#open = open;
    for (const slice of this.#store.dropBefore(open)) {
      give(slice);
      for (let i = 0; i < slice.count; i++) {
        this.#pool.give(slice.slots[i]);
        if (--this.#references[slice.keys[i]] === 0) this.#keys.release(slice.keys[i]);
      }
    }
  }

  /** Puts the groups into tables; the keys are written by their owner. */
  snapshot(writer: SnapshotWriter): void {
    const { slices } = this.#store;
    writer.f64(this.#open);
    writer.f64Array(Float64Array.from(slices, (slice) => slice.index));
    for (const { index, count, dirty, keys, slots } of slices) {
      writer.table({ kind: "columns", name: intervalTable(index), rows: count, dirty, columns: [keys, slots] });
    }
  }

  /** The keys have been restored before. */
  restore(reader: SnapshotReader): void {
    this.#open = reader.f64();
    const used = [0];
    for (const index of reader.f64Array()) {
      const slice = this.#store.obtain(index);
      const table = reader.table(intervalTable(index));
      const [keys, slots] = [table.i32(0), table.i32(1)];
      for (let i = 0; i < table.rows; i++) {
        this.#put(slice, keys[i], slots[i]);
        used.push(slots[i]);
      }
      slice.dirty.clear();
    }
    this.#pool.restore(Int32Array.from(used).sort());
  }

  /** Writes the groups whole, for owners of which a snapshot is small. Returns their slots in the order written. */
  snapshotList(writer: SnapshotWriter): Int32Array {
    const { slices } = this.#store;
    writer.f64(this.#open);
    writer.f64Array(Float64Array.from(slices, (slice) => slice.index));
    for (const slice of slices) writer.i32Array(slice.keys, slice.count);
    return Int32Array.from(slices.flatMap((slice) => [...slice.slots.subarray(0, slice.count)]));
  }

  /** Reads what `snapshotList` wrote. Returns the slots in the order in which they were written. */
  restoreList(reader: SnapshotReader): Int32Array {
    this.#open = reader.f64();
    const slots: number[] = [];
    for (const index of reader.f64Array()) {
      const slice = this.#store.obtain(index);
      for (const key of reader.i32Array()) slots.push(this.#add(slice, key));
    }
    return Int32Array.from(slots);
  }

  #add(slice: Slice, key: number): number {
    const slot = this.#pool.take();
    this.#put(slice, key, slot);
    return slot;
  }

  #put(slice: Slice, key: number, slot: number): void {
    slice.add(key, slot);
    this.#references = grownInt32(this.#references, key + 1);
    this.#references[key]++;
  }
}

function intervalTable(index: number): string {
  return `interval ${index}`;
}

/**
 * How keys of groups leave memory and come back, but for what an operator keeps of their groups. Keys outside are due with the
 * last interval that they are in, not at a time.
 */
export function keyedStateOf(groups: IntervalGroups, own: Pick<KeyedState, "moveOut" | "moveIn">): KeyedState {
  return {
    get size() {
      return groups.size;
    },
    holds: (key) => groups.holds(key),
    dueMs: (key) => groups.latest(key),
    movedOut: () => groups.movedOut(),
    ...own,
  };
}
