import type { AggregateSet } from "../aggregate/aggregate-set.ts";
import { maxBatchRows } from "../column/batch.ts";
import { grownInt32 } from "../state/grown-array.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import type { Slice } from "./slice.ts";
import type { SliceStore } from "./slice-store.ts";
import type { WindowRows } from "./window-emitter.ts";

/**
 * The slices of the window that fired last, aggregated by key, so that the next window costs only what enters
 * and what leaves.
 *
 * Aggregates that can be subtracted are kept as running totals. The others are kept as two stacks (Tangwongsan
 * et al., "General incremental sliding-window aggregation", 2015), by key: the slices below `pivot` are the front;
 * each of their groups has a suffix slot that aggregates its key from there to the pivot and knows the suffix
 * slot of that key's next slice. The slices from `pivot` on are the back, merged into one slot a key. When no slice
 * of the front is left, the back becomes the front. A key's aggregate is its first suffix merged with its back.
 *
 * All of it follows from the slices, the three bounds and the order of keys; only those are in a snapshot.
 */
export class SliceRun {
  readonly #aggregates: AggregateSet;
  readonly #store: SliceStore;
  /** Slices `begin…end` (exclusive) are in the run. */
  #begin = Number.NEGATIVE_INFINITY;
  #end = Number.NEGATIVE_INFINITY;
  #pivot = Number.NEGATIVE_INFINITY;
  /** A late record changed a slice of the run: front and back must be made anew. */
  #stale = false;
  /** Keys with records in the run, in the order in which they joined it. */
  #keys: Int32Array = new Int32Array(16);
  #keyCount = 0;
  /** By key: slot of the running totals and the back; 0 = not in the run. */
  #slots: Int32Array = new Int32Array(16);
  /** By key: how many slices of the run have it. */
  #slices: Int32Array = new Int32Array(16);
  /** By key: its first suffix slot; 0 = none. */
  #fronts: Int32Array = new Int32Array(16);
  /** By suffix slot: the next suffix slot of the same key; 0 = none. */
  #nextSuffix: Int32Array = new Int32Array(16);
  readonly #stacked: boolean;
  /** Slots for results, as many as one batch has rows. */
  #scratch: Int32Array = new Int32Array(0);
  #work: Int32Array = new Int32Array(16);
  readonly #rowKeys = new Int32Array(maxBatchRows);
  readonly #rowTotals = new Int32Array(maxBatchRows);

  /**
   * `sequential`: results that cannot be subtracted are merged from the slices each time, in order; slower, but
   * to the bit what merging a window's slices in order gives.
   */
  constructor(aggregates: AggregateSet, store: SliceStore, sequential: boolean) {
    this.#aggregates = aggregates;
    this.#store = store;
    this.#stacked = aggregates.has("mergeable") && !sequential;
  }

  /** Keys with records in the run. */
  get keyCount(): number {
    return this.#keyCount;
  }

  /** True for slices that are in the run, or would be if they existed. */
  covers(slice: number): boolean {
    return slice >= this.#begin && slice < this.#end;
  }

  /** Moves on to the slices `begin…end` (exclusive); both never go back. */
  moveTo(begin: number, end: number): void {
    this.leaveBefore(begin);
    const entered = this.#store.between(Math.max(begin, this.#end), end);
    this.#end = end;
    for (const slice of entered) this.#enter(slice);
    if (!this.#stacked) return;
    if (begin >= this.#pivot) {
      this.#pivot = end;
      this.#stale = true;
    }
    if (this.#stale) this.#rebuild();
    else for (const slice of entered) this.#aggregates.merge("mergeable", this.#slotsOf(slice), slice.slots, slice.count);
  }

  /** Lets go of the slices below `begin`, which may be dropped afterwards. */
  leaveBefore(begin: number): void {
    if (begin <= this.#begin) return;
    const leaving = this.#store.between(this.#begin, Math.min(begin, this.#end));
    this.#begin = begin;
    this.#end = Math.max(this.#end, begin);
    for (const slice of leaving) this.#leave(slice);
    if (leaving.length > 0) this.#compactKeys();
  }

  /** A slice of the run has got a new key. */
  keyAdded(key: number): void {
    this.#join(key);
    this.#slices[key]++;
    this.#stale = true;
  }

  /** A key has come back with a group in a slice of the run. */
  groupReturned(key: number, slot: number): void {
    this.keyAdded(key);
    this.#aggregates.merge("subtractable", Int32Array.of(this.#slots[key]), Int32Array.of(slot), 1);
  }

  /** Lets go of keys that are about to leave the slices. */
  forget(keys: readonly number[]): void {
    for (const slice of this.#store.between(this.#begin, this.#end)) this.#freeSuffixes(slice);
    for (let i = 0; i < this.#keyCount; i++) this.#fronts[this.#keys[i]] = 0;
    this.#stale = true;
    const gone: number[] = [];
    for (const key of keys) {
      if (key >= this.#slots.length || this.#slots[key] === 0) continue;
      gone.push(this.#slots[key]);
      this.#slots[key] = 0;
      this.#slices[key] = 0;
    }
    this.#aggregates.free(Int32Array.from(gone), gone.length);
    this.#compactKeys();
  }

  /** A record is added to a slice of the run, which has its key; returns the slot of running totals that needs it too. */
  recordAdded(key: number): number {
    this.#stale = true;
    return this.#slots[key];
  }

  /** The results of keys `from…to` in the order in which they joined; at most a batch. Valid until the next call. */
  results(from: number, to: number): WindowRows {
    const count = to - from;
    for (let i = 0; i < count; i++) {
      this.#rowKeys[i] = this.#keys[from + i];
      this.#rowTotals[i] = this.#slots[this.#rowKeys[i]];
    }
    return { keys: this.#rowKeys, subtractable: this.#rowTotals, mergeable: this.#mergeResults(count) };
  }

  snapshot(writer: SnapshotWriter): void {
    writer.f64(this.#begin);
    writer.f64(this.#end);
    writer.f64(this.#pivot);
    writer.i32Array(this.#keys, this.#keyCount);
  }

  /** The slices have been restored before. */
  restore(reader: SnapshotReader): void {
    this.#begin = reader.f64();
    this.#end = reader.f64();
    this.#pivot = reader.f64();
    for (const key of reader.i32Array()) this.#join(key);
    for (const slice of this.#store.between(this.#begin, this.#end)) this.#enter(slice);
    if (this.#stacked) this.#rebuild();
  }

  /** Counts a slice's groups into the running totals. */
  #enter(slice: Slice): void {
    for (let i = 0; i < slice.count; i++) {
      this.#join(slice.keys[i]);
      this.#slices[slice.keys[i]]++;
    }
    this.#aggregates.merge("subtractable", this.#slotsOf(slice), slice.slots, slice.count);
  }

  #leave(slice: Slice): void {
    this.#aggregates.subtract(this.#slotsOf(slice), slice.slots, slice.count);
    const gone: number[] = [];
    for (let i = 0; i < slice.count; i++) {
      const key = slice.keys[i];
      if (slice.suffixes !== null) this.#fronts[key] = this.#nextSuffix[slice.suffixes[i]];
      if (--this.#slices[key] > 0) continue;
      gone.push(this.#slots[key]);
      this.#slots[key] = 0;
    }
    this.#freeSuffixes(slice);
    this.#aggregates.free(Int32Array.from(gone), gone.length);
  }

  #join(key: number): void {
    if (key >= this.#slots.length) {
      this.#slots = grownInt32(this.#slots, key + 1);
      this.#slices = grownInt32(this.#slices, key + 1);
      this.#fronts = grownInt32(this.#fronts, key + 1);
    }
    if (this.#slots[key] !== 0) return;
    this.#slots[key] = this.#aggregates.allocate();
    this.#keys = grownInt32(this.#keys, this.#keyCount + 1);
    this.#keys[this.#keyCount++] = key;
  }

  #compactKeys(): void {
    let kept = 0;
    for (let i = 0; i < this.#keyCount; i++) {
      const key = this.#keys[i];
      if (this.#slots[key] !== 0) this.#keys[kept++] = key;
    }
    this.#keyCount = kept;
  }

  /** Makes front and back from the slices. */
  #rebuild(): void {
    const slices = this.#store.between(this.#begin, this.#end);
    for (const slice of slices) this.#freeSuffixes(slice);
    const slots = this.#workspace(this.#keyCount);
    for (let i = 0; i < this.#keyCount; i++) {
      slots[i] = this.#slots[this.#keys[i]];
      this.#fronts[this.#keys[i]] = 0;
    }
    this.#aggregates.clear("mergeable", slots, this.#keyCount);
    for (const slice of slices.toReversed()) if (slice.index < this.#pivot) this.#pushFront(slice);
    for (const slice of slices) {
      if (slice.index >= this.#pivot) this.#aggregates.merge("mergeable", this.#slotsOf(slice), slice.slots, slice.count);
    }
    this.#stale = false;
  }

  /** Puts a slice, the latest first, on the front. */
  #pushFront(slice: Slice): void {
    const suffixes = new Int32Array(slice.count);
    const nexts = this.#workspace(slice.count);
    for (let i = 0; i < slice.count; i++) {
      const suffix = this.#aggregates.allocate();
      const key = slice.keys[i];
      suffixes[i] = suffix;
      nexts[i] = this.#fronts[key];
      this.#nextSuffix = grownInt32(this.#nextSuffix, suffix + 1);
      this.#nextSuffix[suffix] = nexts[i];
      this.#fronts[key] = suffix;
    }
    slice.suffixes = suffixes;
    this.#aggregates.merge("mergeable", suffixes, slice.slots, slice.count);
    this.#aggregates.merge("mergeable", suffixes, nexts, slice.count);
  }

  #mergeResults(count: number): Int32Array {
    if (!this.#aggregates.has("mergeable")) return this.#rowTotals;
    if (this.#scratch.length === 0) this.#scratch = Int32Array.from({ length: maxBatchRows }, () => this.#aggregates.allocate());
    this.#aggregates.clear("mergeable", this.#scratch, count);
    const from = this.#workspace(count);
    if (this.#stacked) {
      for (let i = 0; i < count; i++) from[i] = this.#fronts[this.#rowKeys[i]];
      this.#aggregates.merge("mergeable", this.#scratch, from, count);
      this.#aggregates.merge("mergeable", this.#scratch, this.#rowTotals, count);
      return this.#scratch;
    }
    for (const slice of this.#store.between(this.#begin, this.#end)) {
      slice.slotsOf(this.#rowKeys, 0, count, from);
      this.#aggregates.merge("mergeable", this.#scratch, from, count);
    }
    return this.#scratch;
  }

  #freeSuffixes(slice: Slice): void {
    if (slice.suffixes === null) return;
    this.#aggregates.free(slice.suffixes, slice.suffixes.length);
    slice.suffixes = null;
  }

  /** The run's slots of a slice's keys; valid until the next call. */
  #slotsOf(slice: Slice): Int32Array {
    const slots = this.#workspace(slice.count);
    for (let i = 0; i < slice.count; i++) slots[i] = this.#slots[slice.keys[i]];
    return slots;
  }

  #workspace(length: number): Int32Array {
    this.#work = grownInt32(this.#work, length);
    return this.#work;
  }
}
