import { DirtyRows } from "../state/dirty-rows.ts";
import { grownInt32 } from "../state/grown-array.ts";
import { SlotTable } from "../state/slot-table.ts";

/** The groups that have records in one slice, each with the slot that aggregates them, in order of registration. */
export class Slice {
  readonly index: number;
  /** Key ids; the first `count` count. */
  keys: Int32Array = new Int32Array(8);
  /** Slot of each key. */
  slots: Int32Array = new Int32Array(8);
  count = 0;
  /** Positions that no snapshot has yet. */
  readonly dirty = new DirtyRows();
  /** Slots of the aggregates from this slice to the end of the front of the run, by position; null outside of it. */
  suffixes: Int32Array | null = null;
  #table = new SlotTable();

  constructor(index: number) {
    this.index = index;
  }

  /** Approximate bytes held, without the slots' contents. */
  get bytes(): number {
    return this.#table.bytes + this.keys.byteLength * 2;
  }

  /** The slot of a key; 0 when it has none here. */
  slotOf(key: number): number {
    return this.#table.get(key);
  }

  /** The slots of `keys[from…to)`, into the same places of `into`; 0 for those that have none here. */
  slotsOf(keys: Int32Array, from: number, to: number, into: Int32Array): void {
    this.#table.getAll(keys, from, to, into);
  }

  /** Gives a key that has no slot here one. */
  add(key: number, slot: number): void {
    this.keys = grownInt32(this.keys, this.count + 1);
    this.slots = grownInt32(this.slots, this.count + 1);
    this.keys[this.count] = key;
    this.dirty.mark(this.count);
    this.slots[this.count++] = slot;
    this.#table.set(key, slot);
  }

  /** Removes the keys at which `isGone` is 1; the others keep their order. There must be no suffixes. */
  remove(isGone: Uint8Array): void {
    let kept = 0;
    for (let i = 0; i < this.count; i++) {
      if (isGone[this.keys[i]] === 1) continue;
      if (kept < i) this.dirty.mark(kept);
      this.keys[kept] = this.keys[i];
      this.slots[kept++] = this.slots[i];
    }
    if (kept === this.count) return;
    this.count = kept;
    this.#table = new SlotTable();
    for (let i = 0; i < kept; i++) this.#table.set(this.keys[i], this.slots[i]);
  }
}
