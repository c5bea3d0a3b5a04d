import { type Batch, maxBatchRows } from "../column/batch.ts";
import { grownInt32, grownUint8 } from "../state/grown-array.ts";
import { RowStore } from "../state/row-store.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import type { Field } from "../types/field-type.ts";
import type { JoinKeys } from "./join-keys.ts";

/** Rows with their keys and kinds, in order of arrival; they are taken all at once. */
export class WaitingRows {
  readonly rows: RowStore;
  readonly #keys: JoinKeys;
  /** In order of arrival; the first `size` count. */
  #slots: Int32Array = new Int32Array(16);
  /** By slot. */
  #keyOf: Int32Array = new Int32Array(16);
  #kinds: Uint8Array = new Uint8Array(16);

  constructor(fields: readonly Field[], keys: JoinKeys) {
    this.rows = new RowStore(fields);
    this.#keys = keys;
  }

  get size(): number {
    return this.rows.size;
  }

  /** Approximate bytes held, without the keys. */
  get bytes(): number {
    return this.rows.bytes + this.#slots.byteLength + this.#keyOf.byteLength + this.#kinds.byteLength;
  }

  add(batch: Batch, rows: Int32Array, count: number, keys: Int32Array): void {
    const before = this.size;
    this.#slots = grownInt32(this.#slots, before + count);
    this.rows.add(batch, rows, count, this.#slots.subarray(before));
    for (let i = 0; i < count; i++) {
      this.#note(this.#slots[before + i], keys[i], batch.kinds === null ? 0 : batch.kinds[rows[i]]);
    }
  }

  /** Hands over every row in order, then removes them all after `whenDone`. */
  takeAll(onRow: (slot: number, key: number, kind: number) => void, whenDone: () => void): void {
    this.#take(0, this.size, onRow, whenDone);
  }

  /** As `takeAll`, some at a time: before those the keys that they have, with `nullKey` among them, are given to `before`. */
  takeSome(
    before: (keys: Int32Array, count: number) => void,
    onRow: (slot: number, key: number, kind: number) => void,
    whenDone: () => void,
  ): void {
    const { size } = this;
    for (let from = 0; from < size; from += maxBatchRows) {
      const to = Math.min(size, from + maxBatchRows);
      const keys = this.#slots.slice(from, to).map((slot) => this.#keyOf[slot]);
      before(keys, keys.length);
      this.#take(from, to, onRow, whenDone);
    }
  }

  #take(from: number, to: number, onRow: (slot: number, key: number, kind: number) => void, whenDone: () => void): void {
    for (let i = from; i < to; i++) onRow(this.#slots[i], this.#keyOf[this.#slots[i]], this.#kinds[this.#slots[i]]);
    whenDone();
    for (let i = from; i < to; i++) {
      this.#keys.drop(this.#keyOf[this.#slots[i]]);
      this.rows.remove(this.#slots[i]);
    }
  }

  /** `name`: of the tables that the rows go into. */
  snapshot(writer: SnapshotWriter, name: string): void {
    this.rows.save(writer, name, [this.#keyOf, this.#kinds]);
  }

  /** The keys have been restored before. */
  restore(reader: SnapshotReader, name: string): void {
    const loaded = this.rows.load(reader, name);
    if (loaded === null) {
      // As snapshots were before they had tables of rows.
      const keys = reader.i32Array();
      const kinds = reader.u8Array();
      const count = this.rows.restore(reader);
      this.#slots = Int32Array.from({ length: Math.max(16, count) }, (_, i) => i);
      for (let slot = 0; slot < count; slot++) this.#note(slot, keys[slot], kinds[slot]);
      return;
    }
    this.#slots = loaded.slots;
    const [keys, kinds] = [loaded.i32(0), loaded.u8(1)];
    for (const slot of loaded.slots) this.#note(slot, keys[slot], kinds[slot]);
  }

  #note(slot: number, key: number, kind: number): void {
    this.#keyOf = grownInt32(this.#keyOf, slot + 1);
    this.#kinds = grownUint8(this.#kinds, slot + 1);
    this.#keyOf[slot] = key;
    this.#kinds[slot] = kind;
    this.#keys.retain(key);
  }
}
