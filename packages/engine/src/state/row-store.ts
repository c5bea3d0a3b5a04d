import { type Batch, columnAt } from "../column/batch.ts";
import type { ColumnBuilder } from "../column/column-builder.ts";
import type { Field } from "../types/field-type.ts";
import { grownFloat64 } from "./grown-array.ts";
import { IdPool } from "./id-pool.ts";
import type { SnapshotReader } from "./snapshot-reader.ts";
import type { SnapshotWriter } from "./snapshot-writer.ts";
import { createStoredColumn, readStored, type StoredColumn, writeStored } from "./stored-column.ts";

/**
 * Whole rows kept in state, by column: each row has a slot, each field an array by slot. Slots of removed rows
 * are used again. There are no row objects, so that what a join holds does not weigh on the garbage collector.
 */
export class RowStore {
  readonly #fields: readonly Field[];
  readonly #columns: readonly StoredColumn[];
  readonly #pool = new IdPool();
  #time: Float64Array = new Float64Array(16);

  constructor(fields: readonly Field[]) {
    this.#fields = fields;
    this.#columns = fields.map((field) => createStoredColumn(field.type));
  }

  /** Rows held. */
  get size(): number {
    return this.#pool.size;
  }

  /** All slots are below this. */
  get capacity(): number {
    return this.#pool.capacity;
  }

  /** Approximate bytes held. */
  get bytes(): number {
    return this.#columns.reduce((sum, column) => sum + column.bytes, this.#time.byteLength);
  }

  /** Event time by slot. The array is replaced when it grows: do not keep it over an `add`. */
  get time(): Float64Array {
    return this.#time;
  }

  /** Copies rows `rows[0…count)` of a batch; their slots go into `into`. */
  add(batch: Batch, rows: Int32Array, count: number, into: Int32Array): void {
    for (let i = 0; i < count; i++) into[i] = this.#pool.take();
    this.#time = grownFloat64(this.#time, this.#pool.capacity);
    for (let i = 0; i < count; i++) this.#time[into[i]] = batch.time[rows[i]];
    this.#columns.forEach((column, field) => {
      column.set(columnAt(batch, field), rows, count, into);
    });
  }

  /** Removes a row; its slot may be given to another. */
  remove(slot: number): void {
    for (const column of this.#columns) column.clear(slot);
    this.#pool.give(slot);
  }

  /** Whether the rows at two slots have the same values in every field; their times may differ. */
  sameValues(a: number, b: number): boolean {
    return this.#columns.every((column) => column.same(a, b));
  }

  /** Writes field `field` of the rows `slots[0…count)` into rows `0…count` of a result column; slot -1 is NULL. */
  write(field: number, slots: Int32Array, count: number, into: ColumnBuilder): void {
    this.#columns[field].write(slots, count, into);
  }

  /** Writes the rows `slots[0…count)` for `readRows` of a store of the same fields. */
  writeRows(writer: SnapshotWriter, slots: Int32Array, count: number): void {
    writer.f64Array(Float64Array.from(slots.subarray(0, count), (slot) => this.#time[slot]));
    for (const column of this.#columns) writeStored(writer, column, slots, count);
  }

  /** Adds what `writeRows` wrote; returns the slots, in the order written. */
  readRows(reader: SnapshotReader): Int32Array {
    const time = reader.f64Array();
    const slots = Int32Array.from(time, () => this.#pool.take());
    this.#time = grownFloat64(this.#time, this.#pool.capacity);
    slots.forEach((slot, i) => {
      this.#time[slot] = time[i];
    });
    for (const column of this.#columns) readStored(reader, column, slots);
    return slots;
  }

  /** Writes the rows `slots[0…count)`, which are all that there are, in this order. */
  snapshot(writer: SnapshotWriter, slots: Int32Array, count: number): void {
    const time = new Float64Array(count);
    for (let i = 0; i < count; i++) time[i] = this.#time[slots[i]];
    writer.f64Array(time);
    writer.strings(this.#fields.map((field) => field.name));
    for (const column of this.#columns) writeStored(writer, column, slots, count);
  }

  /** Reads what `snapshot` wrote into an empty store: the rows get slots from 0 on, in the order written. Returns how many there are. */
  restore(reader: SnapshotReader): number {
    const time = reader.f64Array();
    const slots = Int32Array.from(time, () => this.#pool.take());
    this.#time = grownFloat64(this.#time, time.length);
    this.#time.set(time);
    for (const name of reader.strings()) {
      const index = this.#fields.findIndex((field) => field.name === name);
      if (index < 0) throw new Error(`the snapshot holds a field ${name} that the rows do not have`);
      readStored(reader, this.#columns[index], slots);
    }
    return time.length;
  }
}
