import { type Batch, maxBatchRows, takesBack } from "../column/batch.ts";
import { grownInt32 } from "../state/grown-array.ts";
import { RowStore } from "../state/row-store.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import type { Field } from "../types/field-type.ts";
import { type JoinKeys, nullKey } from "./join-keys.ts";

/** A table with one row a key: the one that came last. */
export class CurrentRows {
  readonly rows: RowStore;
  readonly #keys: JoinKeys;
  /** By key: slot + 1; 0 = no row. */
  #slots: Int32Array = new Int32Array(16);
  /** By slot. */
  #keyOf: Int32Array = new Int32Array(16);
  readonly #added = new Int32Array(maxBatchRows);

  constructor(fields: readonly Field[], keys: JoinKeys) {
    this.rows = new RowStore(fields);
    this.#keys = keys;
  }

  get size(): number {
    return this.rows.size;
  }

  /** Approximate bytes held, without the keys. */
  get bytes(): number {
    return this.rows.bytes + this.#slots.byteLength + this.#keyOf.byteLength;
  }

  /** The slot of the row of a key; -1 when there is none. */
  slotOf(key: number): number {
    return key !== nullKey && key < this.#slots.length ? this.#slots[key] - 1 : -1;
  }

  /** Replaces or, for a deletion, removes the rows of `keys[0…count)`, in order. */
  apply(batch: Batch, rows: Int32Array, count: number, keys: Int32Array): void {
    this.rows.add(batch, rows, count, this.#added);
    // No key may be forgotten before the last row of the batch that names it.
    for (let i = 0; i < count; i++) this.#keys.retain(keys[i]);
    for (let i = 0; i < count; i++) {
      this.#remove(keys[i]);
      // A row that is taken back to be replaced goes too: what replaces it follows, maybe under another key.
      if (batch.kinds !== null && takesBack(batch.kinds[rows[i]])) this.rows.remove(this.#added[i]);
      else this.#put(keys[i], this.#added[i]);
    }
    for (let i = 0; i < count; i++) this.#keys.drop(keys[i]);
  }

  /** Writes the row of a key and forgets it. */
  moveOut(key: number, writer: SnapshotWriter): void {
    this.rows.writeRows(writer, Int32Array.of(this.slotOf(key)), 1);
    this.#remove(key);
  }

  /** Takes back what `moveOut` wrote. */
  moveIn(key: number, reader: SnapshotReader): void {
    for (const slot of this.rows.readRows(reader)) this.#put(key, slot);
  }

  /** `name`: of the tables that the rows go into. */
  snapshot(writer: SnapshotWriter, name: string): void {
    this.rows.save(writer, name, [this.#keyOf]);
  }

  /** The keys have been restored before. */
  restore(reader: SnapshotReader, name: string): void {
    const loaded = this.rows.load(reader, name);
    if (loaded === null) {
      // As snapshots were before they had tables of rows.
      const keys = reader.i32Array();
      this.rows.restore(reader);
      keys.forEach((key, slot) => {
        this.#put(key, slot);
      });
      return;
    }
    const keys = loaded.i32(0);
    for (const slot of loaded.slots) this.#put(keys[slot], slot);
  }

  #put(key: number, slot: number): void {
    this.#slots = grownInt32(this.#slots, key + 1);
    this.#slots[key] = slot + 1;
    this.#keyOf = grownInt32(this.#keyOf, slot + 1);
    this.#keyOf[slot] = key;
    this.#keys.retain(key);
  }

  #remove(key: number): void {
    const slot = this.slotOf(key);
    if (slot < 0) return;
    this.#slots[key] = 0;
    this.rows.remove(slot);
    this.#keys.drop(key);
  }
}
