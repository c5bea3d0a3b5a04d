import type { AggregateSet } from "../aggregate/aggregate-set.ts";
import { RowKind } from "../column/batch.ts";
import type { Collector } from "../dataflow/operator.ts";
import { grownInt32 } from "../state/grown-array.ts";
import type { Slice } from "./slice.ts";
import type { SliceLayout } from "./slice-layout.ts";
import type { SliceStore } from "./slice-store.ts";
import type { TimeWindow } from "./window-assigner.ts";
import type { WindowEmitter, WindowRows } from "./window-emitter.ts";

/**
 * Fires windows again that a late record changes: those from `firstWindow` to `lastWindow`, for the record's key.
 * `prepare` is called before the record is added to its slice, `fire` after.
 *
 * What a window said last is not kept: every change of its slices was said at once, so that what the slices give
 * before the record is what was said, to the bit when windows first fire by merging their slices in order.
 */
export class WindowRefire {
  readonly #layout: SliceLayout;
  readonly #store: SliceStore;
  readonly #aggregates: AggregateSet;
  readonly #emitter: WindowEmitter;
  /** Rows that are taken back are needed, not only those that replace them. */
  readonly #retract: boolean;
  /** By window, from the first: its results before the record; 0 = it had no row. */
  #before: Int32Array = new Int32Array(16);
  readonly #after = new Int32Array(1);
  readonly #key = new Int32Array(1);
  #into: Int32Array = new Int32Array(16);
  #from: Int32Array = new Int32Array(16);

  constructor(layout: SliceLayout, store: SliceStore, aggregates: AggregateSet, emitter: WindowEmitter, retract: boolean) {
    this.#layout = layout;
    this.#store = store;
    this.#aggregates = aggregates;
    this.#emitter = emitter;
    this.#retract = retract;
  }

  /** Remembers what the windows say of a key. */
  prepare(key: number, firstWindow: number, lastWindow: number): void {
    const slices = this.#slicesOf(key, firstWindow, lastWindow);
    const windows = lastWindow - firstWindow + 1;
    this.#before = grownInt32(this.#before, windows);
    for (let i = 0; i < windows; i++) {
      this.#before[i] = 0;
      if (!slices.some((slice) => this.#holds(firstWindow + i, slice))) continue;
      this.#before[i] = this.#aggregates.allocate();
      if (this.#retract) this.#mergeInto(this.#before[i], key, firstWindow + i, slices);
    }
  }

  /** Says what the windows say of the key now. */
  fire(key: number, firstWindow: number, lastWindow: number, out: Collector): void {
    const slices = this.#slicesOf(key, firstWindow, lastWindow);
    this.#key[0] = key;
    for (let window = firstWindow; window <= lastWindow; window++) {
      const before = this.#before.subarray(window - firstWindow, window - firstWindow + 1);
      this.#after[0] = this.#aggregates.allocate();
      this.#mergeInto(this.#after[0], key, window, slices);
      this.#emit(window, before, out);
      this.#aggregates.free(this.#after, 1);
      if (before[0] !== 0) this.#aggregates.free(before, 1);
    }
  }

  #emit(window: number, before: Int32Array, out: Collector): void {
    const at: TimeWindow = { startMs: this.#layout.windowStartMs(window), endMs: this.#layout.windowEndMs(window) };
    const row = this.#rowOf(this.#after);
    if (before[0] === 0) this.#emitter.add(at, row, 0, 1, RowKind.insert, out);
    else if (this.#retract) this.#emitter.retract(at, this.#rowOf(before), row, out);
    else this.#emitter.add(at, row, 0, 1, RowKind.updateAfter, out);
  }

  #rowOf(slots: Int32Array): WindowRows {
    return { keys: this.#key, subtractable: slots, mergeable: slots };
  }

  #slicesOf(key: number, firstWindow: number, lastWindow: number): readonly Slice[] {
    const from = this.#layout.firstSlice(firstWindow);
    const to = this.#layout.endSlice(lastWindow);
    return this.#store.between(from, to).filter((slice) => slice.slotOf(key) !== 0);
  }

  #holds(window: number, slice: Slice): boolean {
    return slice.index >= this.#layout.firstSlice(window) && slice.index < this.#layout.endSlice(window);
  }

  #mergeInto(slot: number, key: number, window: number, slices: readonly Slice[]): void {
    this.#into = grownInt32(this.#into, slices.length);
    this.#from = grownInt32(this.#from, slices.length);
    let count = 0;
    for (const slice of slices) {
      if (!this.#holds(window, slice)) continue;
      this.#into[count] = slot;
      this.#from[count++] = slice.slotOf(key);
    }
    this.#aggregates.merge("subtractable", this.#into, this.#from, count);
    this.#aggregates.merge("mergeable", this.#into, this.#from, count);
  }
}
