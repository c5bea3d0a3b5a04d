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
    const open = Math.floor((watermark + 1 - this.offsetMs) / this.sizeMs);
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

  /** Writes the groups; the keys are written by their owner. Returns their slots in the order written. */
  snapshot(writer: SnapshotWriter): Int32Array {
    const { slices } = this.#store;
    writer.f64(this.#open);
    writer.f64Array(Float64Array.from(slices, (slice) => slice.index));
    for (const slice of slices) writer.i32Array(slice.keys, slice.count);
    return this.#slots();
  }

  /** The keys have been restored before. Returns the slots in the order in which they were written. */
  restore(reader: SnapshotReader): Int32Array {
    this.#open = reader.f64();
    for (const index of reader.f64Array()) {
      const slice = this.#store.obtain(index);
      for (const key of reader.i32Array()) this.#add(slice, key);
    }
    return this.#slots();
  }

  #add(slice: Slice, key: number): number {
    const slot = this.#pool.take();
    slice.add(key, slot);
    this.#references = grownInt32(this.#references, key + 1);
    this.#references[key]++;
    return slot;
  }

  #slots(): Int32Array {
    const { slices } = this.#store;
    const slots = new Int32Array(slices.reduce((count, slice) => count + slice.count, 0));
    let at = 0;
    for (const slice of slices) {
      slots.set(slice.slots.subarray(0, slice.count), at);
      at += slice.count;
    }
    return slots;
  }
}
