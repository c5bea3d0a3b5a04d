import type { Batch } from "../column/batch.ts";
import type { ColumnBuilder } from "../column/column-builder.ts";
import { TimeQueue } from "../join/time-queue.ts";
import { grownInt32 } from "../state/grown-array.ts";
import { RowStore } from "../state/row-store.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import type { Field } from "../types/field-type.ts";

const tableName = "waiting";

/** Whole records that wait for the watermark, in order of (time, arrival), each with an aggregate slot. */
export class PendingRecords {
  readonly #rows: RowStore;
  readonly #order: TimeQueue;
  /** By row: its aggregate slot. */
  #slots: Int32Array = new Int32Array(16);
  #added: Int32Array = new Int32Array(16);
  #picked: Int32Array = new Int32Array(16);

  constructor(fields: readonly Field[]) {
    this.#rows = new RowStore(fields, { passing: true });
    this.#order = new TimeQueue(this.#rows);
  }

  /** Records that wait. */
  get size(): number {
    return this.#order.size;
  }

  /** No record that waits has a later time. */
  get latest(): number {
    return this.#order.latest;
  }

  /** Approximate bytes held. */
  get bytes(): number {
    return this.#rows.bytes + this.#order.bytes + this.#slots.byteLength;
  }

  /** Keeps `rows[0…count)` of a batch. */
  add(batch: Batch, rows: Int32Array, count: number, slots: Int32Array): void {
    this.#added = grownInt32(this.#added, count);
    this.#rows.add(batch, rows, count, this.#added);
    this.#slots = grownInt32(this.#slots, this.#rows.capacity);
    for (let i = 0; i < count; i++) this.#slots[this.#added[i]] = slots[i];
    this.#order.insertAll(this.#added, count);
  }

  timeOf(row: number): number {
    return this.#rows.time[row];
  }

  slotOf(row: number): number {
    return this.#slots[row];
  }

  /** The aggregate slots of rows; good until the next time. */
  slotsOf(rows: Int32Array): Int32Array {
    this.#picked = grownInt32(this.#picked, rows.length);
    const [slots, picked] = [this.#slots, this.#picked];
    for (let i = 0; i < rows.length; i++) picked[i] = slots[rows[i]];
    return picked;
  }

  /** Writes the times of `rows[from…to)` to `at` and further of `into`. */
  writeTimes(rows: Int32Array, from: number, to: number, into: Float64Array, at: number): void {
    const { time } = this.#rows;
    for (let i = from; i < to; i++) into[at + i - from] = time[rows[i]];
  }

  /** Takes the rows with a time of at most `timeMs` out of the order; they stay readable until `removeAll`. The array is good until then. */
  takeThrough(timeMs: number): Int32Array {
    return this.#order.takeThrough(timeMs);
  }

  removeAll(rows: Int32Array, count: number): void {
    this.#rows.removeAll(rows, count);
  }

  /** Writes field `field` of `rows[0…count)` into rows `0…count` of a result column. */
  write(field: number, rows: Int32Array, count: number, into: ColumnBuilder): void {
    this.#rows.write(field, rows, count, into);
  }

  /** Takes all rows out of the order, as `takeThrough` does. */
  takeAll(): Int32Array {
    return this.takeThrough(Number.POSITIVE_INFINITY);
  }

  /** Writes whole records, for `moveIn`. */
  moveOut(rows: Int32Array, writer: SnapshotWriter): void {
    this.#rows.writeRows(writer, rows, rows.length);
  }

  /** Takes back what `moveOut` wrote; `allocate` gives each record an aggregate slot. Returns the rows. */
  moveIn(reader: SnapshotReader, allocate: () => number): Int32Array {
    const rows = this.#rows.readRows(reader);
    for (const row of rows) this.#insert(row, allocate());
    return rows;
  }

  snapshot(writer: SnapshotWriter): void {
    this.#rows.save(writer, tableName, [this.#slots]);
  }

  /** Returns the aggregate slots of the records. */
  restore(reader: SnapshotReader): Int32Array {
    const loaded = this.#rows.load(reader, tableName);
    if (loaded === null) throw new Error(`the snapshot has no table "${tableName}"`);
    const slots = loaded.i32(0);
    for (const row of loaded.slots) this.#insert(row, slots[row]);
    return loaded.slots.map((row) => slots[row]);
  }

  /** As snapshots were before they had tables. Returns the keys of the records, their times and the aggregate slots that they get. */
  restoreList(
    reader: SnapshotReader,
    allocate: () => number,
  ): { readonly keys: Int32Array; readonly times: Float64Array; readonly slots: Int32Array } {
    const keys = reader.i32Array();
    const count = this.#rows.restore(reader);
    const slots = new Int32Array(count);
    for (let row = 0; row < count; row++) {
      slots[row] = allocate();
      this.#insert(row, slots[row]);
    }
    return { keys, times: this.#rows.time.slice(0, count), slots };
  }

  #insert(row: number, slot: number): void {
    this.#slots = grownInt32(this.#slots, row + 1);
    this.#slots[row] = slot;
    this.#order.insert(row);
  }
}
