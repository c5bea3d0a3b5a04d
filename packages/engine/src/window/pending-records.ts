import type { Batch } from "../column/batch.ts";
import type { ColumnBuilder } from "../column/column-builder.ts";
import { TimeIndex } from "../join/time-index.ts";
import { grownInt32 } from "../state/grown-array.ts";
import { RowStore } from "../state/row-store.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import type { Field } from "../types/field-type.ts";

/** All rows are in one group of the index. */
const allRows = 0;

/** Whole records that wait for the watermark, in order of (time, arrival), each with its key and an aggregate slot. */
export class PendingRecords {
  readonly #rows: RowStore;
  readonly #order: TimeIndex;
  /** By row. */
  #keys: Int32Array = new Int32Array(16);
  #slots: Int32Array = new Int32Array(16);
  #added: Int32Array = new Int32Array(16);
  #size = 0;

  constructor(fields: readonly Field[]) {
    this.#rows = new RowStore(fields);
    this.#order = new TimeIndex(this.#rows);
  }

  /** Records that wait. */
  get size(): number {
    return this.#size;
  }

  /** Approximate bytes held. */
  get bytes(): number {
    return this.#rows.bytes + this.#order.bytes + this.#keys.byteLength * 2;
  }

  /** Keeps `rows[0…count)` of a batch. */
  add(batch: Batch, rows: Int32Array, count: number, keys: Int32Array, slots: Int32Array): void {
    this.#added = grownInt32(this.#added, count);
    this.#rows.add(batch, rows, count, this.#added);
    for (let i = 0; i < count; i++) this.#insert(this.#added[i], keys[i], slots[i]);
  }

  /** The first row; -1 when there is none. */
  first(): number {
    return this.#order.first(allRows);
  }

  /** The row after `row`; -1 behind the last. */
  next(row: number): number {
    return this.#order.next(row);
  }

  timeOf(row: number): number {
    return this.#rows.time[row];
  }

  keyOf(row: number): number {
    return this.#keys[row];
  }

  slotOf(row: number): number {
    return this.#slots[row];
  }

  /** Takes the first row out of the order; it stays readable until `remove`. */
  takeFirst(): void {
    this.#order.removeFirst(allRows);
    this.#size--;
  }

  remove(row: number): void {
    this.#rows.remove(row);
  }

  /** Writes field `field` of `rows[0…count)` into rows `0…count` of a result column. */
  write(field: number, rows: Int32Array, count: number, into: ColumnBuilder): void {
    this.#rows.write(field, rows, count, into);
  }

  /** Returns the aggregate slots of the records, in the order written. */
  snapshot(writer: SnapshotWriter): Int32Array {
    const rows = new Int32Array(this.#size);
    let count = 0;
    for (let row = this.first(); row >= 0; row = this.next(row)) rows[count++] = row;
    writer.i32Array(rows.map((row) => this.#keys[row]));
    this.#rows.snapshot(writer, rows, count);
    return rows.map((row) => this.#slots[row]);
  }

  /** Gives each record an aggregate slot by `allocate`; returns them in the order written. */
  restore(reader: SnapshotReader, allocate: () => number): Int32Array {
    const keys = reader.i32Array();
    const count = this.#rows.restore(reader);
    const slots = new Int32Array(count);
    for (let row = 0; row < count; row++) {
      slots[row] = allocate();
      this.#insert(row, keys[row], slots[row]);
    }
    return slots;
  }

  #insert(row: number, key: number, slot: number): void {
    this.#keys = grownInt32(this.#keys, row + 1);
    this.#slots = grownInt32(this.#slots, row + 1);
    this.#keys[row] = key;
    this.#slots[row] = slot;
    this.#order.insert(allRows, row);
    this.#size++;
  }
}
