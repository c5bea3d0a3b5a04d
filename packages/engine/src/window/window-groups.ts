import type { AggregateSet } from "../aggregate/aggregate-set.ts";
import { grownInt32, grownUint8 } from "../state/grown-array.ts";
import type { KeyTable } from "../state/key-table.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import type { Slice } from "./slice.ts";
import type { SliceRun } from "./slice-run.ts";
import type { SliceStore } from "./slice-store.ts";

/**
 * The keyed state of a window aggregate: which key has which slot in which slice. A key is forgotten, and a slot
 * freed, with the last slice that needs it, so that memory follows the live windows.
 */
export class WindowGroups {
  readonly #keys: KeyTable;
  readonly #aggregates: AggregateSet;
  readonly #store: SliceStore;
  readonly #run: SliceRun;
  /** By key: slices that have it. Bytes until a key is in more slices than one can count. */
  #references: Uint8Array | Int32Array = new Uint8Array(16);
  /** Keys that have moved out and still have places in slices. */
  readonly #gone: number[] = [];

  constructor(keys: KeyTable, aggregates: AggregateSet, store: SliceStore, run: SliceRun) {
    this.#keys = keys;
    this.#aggregates = aggregates;
    this.#store = store;
    this.#run = run;
  }

  /** Approximate bytes of all state. */
  get bytes(): number {
    let bytes = this.#keys.bytes + this.#aggregates.bytes + this.#references.byteLength;
    for (const slice of this.#store.slices) bytes += slice.bytes;
    return bytes;
  }

  /** The slots of `keys[from…to)` in a slice, into the same places of `into`; new groups get one. */
  slotsOf(slice: Slice, keys: Int32Array, from: number, to: number, into: Int32Array): void {
    slice.slotsOf(keys, from, to, into);
    for (let p = from; p < to; p++) if (into[p] === 0) into[p] = slice.slotOf(keys[p]) || this.#addGroup(slice, keys[p]);
  }

  /** Keys in memory. */
  get size(): number {
    return this.#keys.size - this.#gone.length;
  }

  holds(key: number): boolean {
    return key < this.#references.length && this.#references[key] > 0;
  }

  /** The latest slice that has a key. */
  latestSlice(key: number): number {
    return this.#store.slices.findLast((slice) => slice.slotOf(key) !== 0)?.index ?? Number.NEGATIVE_INFINITY;
  }

  /** Writes the groups of a key and forgets them; what is left of them goes with `movedOut`. */
  moveOut(key: number, writer: SnapshotWriter): void {
    const slices = this.#store.slices.filter((slice) => slice.slotOf(key) !== 0);
    const slots = Int32Array.from(slices, (slice) => slice.slotOf(key));
    writer.f64Array(Float64Array.from(slices, ({ index }) => index));
    this.#aggregates.snapshot(writer, slots, slots.length);
    this.#aggregates.free(slots, slots.length);
    this.#references[key] = 0;
    this.#gone.push(key);
  }

  movedOut(): void {
    if (this.#gone.length === 0) return;
    const isGone = new Uint8Array(this.#keys.capacity);
    for (const key of this.#gone) isGone[key] = 1;
    this.#run.forget(this.#gone);
    for (const slice of this.#store.slices) slice.remove(isGone);
    for (const key of this.#gone) this.#keys.release(key);
    this.#gone.length = 0;
  }

  /** Takes the groups of a key back, but for those of slices below `index`, which are over. */
  moveIn(key: number, reader: SnapshotReader, index: number): void {
    const groups = this.readGroups(reader);
    groups.indexes.forEach((at, i) => {
      const slot = groups.slots[i];
      if (at < index) {
        this.#aggregates.free(Int32Array.of(slot), 1);
        return;
      }
      this.#store.obtain(at).add(key, slot);
      this.#refer(key);
      if (this.#run.covers(at)) this.#run.groupReturned(key, slot);
    });
  }

  /** Groups that `moveOut` wrote, in slots of their own. */
  readGroups(reader: SnapshotReader): { readonly indexes: Float64Array; readonly slots: Int32Array } {
    const indexes = reader.f64Array();
    const slots = Int32Array.from(indexes, () => this.#aggregates.allocate());
    this.#aggregates.restore(reader, slots, slots.length);
    return { indexes, slots };
  }

  /** Drops the slices with an index below `index`, with all that only they need. */
  dropBefore(index: number): void {
    this.#run.leaveBefore(index);
    for (const slice of this.#store.dropBefore(index)) {
      this.#aggregates.free(slice.slots, slice.count);
      for (let i = 0; i < slice.count; i++) {
        const key = slice.keys[i];
        if (--this.#references[key] === 0) this.#keys.release(key);
      }
    }
  }

  snapshot(writer: SnapshotWriter): void {
    const { slices } = this.#store;
    this.#keys.snapshot(writer);
    writer.f64Array(Float64Array.from(slices, (slice) => slice.index));
    for (const slice of slices) {
      const { count, dirty, keys, slots } = slice;
      writer.table({ kind: "columns", name: sliceTable(slice.index), rows: count, dirty, columns: [keys, slots] });
    }
    this.#aggregates.save(writer, "slots");
    this.#run.snapshot(writer);
  }

  restore(reader: SnapshotReader): void {
    this.#keys.restore(reader);
    if (reader.hasTable("slots")) this.#restoreTables(reader);
    else this.#restoreLists(reader);
    this.#run.restore(reader);
  }

  #restoreTables(reader: SnapshotReader): void {
    for (const index of reader.f64Array()) {
      const slice = this.#store.obtain(index);
      const table = reader.table(sliceTable(index));
      const keys = table.i32(0);
      const slots = table.i32(1);
      for (let i = 0; i < table.rows; i++) {
        slice.add(keys[i], slots[i]);
        this.#refer(keys[i]);
      }
      slice.dirty.clear();
    }
    this.#aggregates.load(reader, "slots", () => this.#allSlots());
  }

  /** As snapshots were before they had tables. */
  #restoreLists(reader: SnapshotReader): void {
    for (const index of reader.f64Array()) {
      const slice = this.#store.obtain(index);
      for (const key of reader.i32Array()) this.#addGroup(slice, key);
    }
    const slots = this.#allSlots();
    this.#aggregates.restore(reader, slots, slots.length);
  }

  #addGroup(slice: Slice, key: number): number {
    const slot = this.#aggregates.allocate();
    slice.add(key, slot);
    this.#refer(key);
    if (this.#run.covers(slice.index)) this.#run.keyAdded(key);
    return slot;
  }

  #refer(key: number): void {
    if (key >= this.#references.length) this.#references = grown(this.#references, key + 1);
    if (this.#references[key] === 255 && this.#references instanceof Uint8Array) this.#references = Int32Array.from(this.#references);
    this.#references[key]++;
  }

  #allSlots(): Int32Array {
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

function sliceTable(index: number): string {
  return `slice ${index}`;
}

function grown(references: Uint8Array | Int32Array, keys: number): Uint8Array | Int32Array {
  return references instanceof Uint8Array ? grownUint8(references, keys) : grownInt32(references, keys);
}
