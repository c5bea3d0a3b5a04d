import { type BatchBuilder, createBatchBuilder } from "../column/batch-builder.ts";
import { grownInt32 } from "../state/grown-array.ts";
import { RowStore } from "../state/row-store.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import type { Field } from "../types/field-type.ts";

/** The rows that answers brought, each for as long as a record or the cache refers to it. */
export class FoundRows {
  readonly rows: RowStore;
  readonly #builder: BatchBuilder;
  readonly #row = Int32Array.of(0);
  readonly #slot = new Int32Array(1);
  /** By slot. */
  #references: Int32Array = new Int32Array(16);

  constructor(fields: readonly Field[]) {
    this.rows = new RowStore(fields);
    this.#builder = createBatchBuilder(fields, { capacity: 1 });
  }

  /** Approximate bytes held. */
  get bytes(): number {
    return this.rows.bytes + this.#references.byteLength;
  }

  /** Keeps a row of cells; returns its slot, to which nothing refers yet. */
  add(values: readonly unknown[]): number {
    this.#builder.appendRow(values, Number.NaN);
    this.rows.add(this.#builder.build(), this.#row, 1, this.#slot);
    const slot = this.#slot[0];
    this.#references = grownInt32(this.#references, slot + 1);
    this.#references[slot] = 0;
    return slot;
  }

  /** Does nothing for what is no slot. */
  retain(slot: number): void {
    if (slot >= 0) this.#references[slot]++;
  }

  /** A reference is gone; does nothing for what is no slot. */
  drop(slot: number): void {
    if (slot < 0) return;
    this.#references[slot]--;
    this.releaseUnused(slot);
  }

  /** Removes a row to which nothing refers. */
  releaseUnused(slot: number): void {
    if (slot >= 0 && this.#references[slot] === 0) this.rows.remove(slot);
  }

  /** Writes the rows `slots`, in this order. */
  snapshot(writer: SnapshotWriter, slots: Int32Array): void {
    this.rows.snapshot(writer, slots, slots.length);
  }

  /** The rows get slots from 0 on, in the order written, without references. */
  restore(reader: SnapshotReader): void {
    this.#references = new Int32Array(Math.max(16, this.rows.restore(reader)));
  }
}
