import { type Batch, columnAt } from "../column/batch.ts";
import { type Column, columnKind } from "../column/column.ts";
import type { ColumnBuilder } from "../column/column-builder.ts";
import type { Field } from "../types/field-type.ts";
import { readColumn } from "./column-codec.ts";
import { DirtyRows } from "./dirty-rows.ts";
import { grownFloat64, grownUint8 } from "./grown-array.ts";
import { IdPool } from "./id-pool.ts";
import { PassingStrings } from "./passing-strings.ts";
import type { RestoredTable } from "./restored-table.ts";
import { SnapshotReader } from "./snapshot-reader.ts";
import type { SnapshotWriter } from "./snapshot-writer.ts";
import type { RestoredRows, StateColumn } from "./state-table.ts";
import { createStoredColumn, readStored, type StoredColumn, writeStored } from "./stored-column.ts";
import { usedRows } from "./used-rows.ts";

/** What a table has of a store before the columns of its owner. */
const ownColumns = 3;

/** The rows of a store that was loaded, in the order in which they were added, with the columns of the owner by slot. */
export interface LoadedRows {
  readonly slots: Int32Array;
  i32(index: number): Int32Array;
  f64(index: number): Float64Array;
  u8(index: number): Uint8Array;
}

/**
 * Whole rows kept in state, by column: each row has a slot, each field an array by slot. Slots of removed rows
 * are used again. There are no row objects, so that what a join holds does not weigh on the garbage collector.
 */
export class RowStore {
  readonly #fields: readonly Field[];
  readonly #columns: readonly StoredColumn[];
  readonly #pool = new IdPool();
  #time: Float64Array = new Float64Array(16);
  /** By slot: the how-manieth row it was; 1 = in use. */
  #arrivals: Float64Array = new Float64Array(16);
  #used: Uint8Array = new Uint8Array(16);
  #arrived = 0;
  readonly #one = new Int32Array(1);
  readonly #dirty = new DirtyRows();

  /** `passing`: rows soon go on, or are dropped. */
  constructor(fields: readonly Field[], { passing }: { readonly passing: boolean } = { passing: false }) {
    this.#fields = fields;
    this.#columns = fields.map((field) =>
      passing && columnKind(field.type) === "string" ? new PassingStrings() : createStoredColumn(field.type),
    );
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
    return this.#columns.reduce((sum, column) => sum + column.bytes, this.#time.byteLength * 2 + this.#used.byteLength);
  }

  /** Event time by slot. The array is replaced when it grows: do not keep it over an `add`. */
  get time(): Float64Array {
    return this.#time;
  }

  /** By slot: numbers that rise in the order in which rows were added. As `time`. */
  get arrivals(): Float64Array {
    return this.#arrivals;
  }

  /** Says of a row of an older snapshot which in the order it was. */
  setArrival(slot: number, arrival: number): void {
    this.#arrivals[slot] = arrival;
    this.#arrived = Math.max(this.#arrived, arrival + 1);
  }

  /** Copies rows `rows[0…count)` of a batch; their slots go into `into`. */
  add(batch: Batch, rows: Int32Array, count: number, into: Int32Array): void {
    this.#take(into, count);
    for (let i = 0; i < count; i++) this.#time[into[i]] = batch.time[rows[i]];
    this.#columns.forEach((column, field) => {
      column.set(columnAt(batch, field), rows, count, into);
    });
  }

  /** Removes a row; its slot may be given to another. */
  remove(slot: number): void {
    this.#one[0] = slot;
    this.removeAll(this.#one, 1);
  }

  /** Removes the rows `slots[0…count)`. */
  removeAll(slots: Int32Array, count: number): void {
    for (const column of this.#columns) column.clear(slots, count);
    const used = this.#used;
    for (let i = 0; i < count; i++) used[slots[i]] = 0;
    this.#dirty.markAll(slots, 0, count);
    this.#pool.giveAll(slots, count);
  }

  /** Notes that what the owner knows of a row by its slot has changed. */
  mark(slot: number): void {
    this.#dirty.mark(slot);
  }

  #take(into: Int32Array, count: number): void {
    this.#pool.takeAll(into, count);
    this.#time = grownFloat64(this.#time, this.#pool.capacity);
    this.#arrivals = grownFloat64(this.#arrivals, this.#pool.capacity);
    this.#used = grownUint8(this.#used, this.#pool.capacity);
    for (let i = 0; i < count; i++) {
      this.#arrivals[into[i]] = this.#arrived++;
      this.#used[into[i]] = 1;
    }
    this.#dirty.markAll(into, 0, count);
  }

  /** Whether the rows at two slots have the same values in every field; their times may differ. */
  sameValues(a: number, b: number): boolean {
    return this.#columns.every((column) => column.same(a, b));
  }

  /** Writes field `field` of the rows `slots[0…count)` into rows `0…count` of a result column; slot -1 is NULL. */
  write(field: number, slots: Int32Array, count: number, into: ColumnBuilder): void {
    this.#columns[field].write(slots, count, into);
  }

  /** The values of field `field` of the rows `slots[0…count)`. */
  column(field: number, slots: Int32Array, count: number): Column {
    return this.#columns[field].column(slots, count);
  }

  /** Writes the rows `slots[0…count)` for `readRows` of a store of the same fields. */
  writeRows(writer: SnapshotWriter, slots: Int32Array, count: number): void {
    writer.f64Array(Float64Array.from(slots.subarray(0, count), (slot) => this.#time[slot]));
    for (const column of this.#columns) writeStored(writer, column, slots, count);
  }

  /** Adds what `writeRows` wrote; returns the slots, in the order written. */
  readRows(reader: SnapshotReader): Int32Array {
    const time = reader.f64Array();
    const slots = new Int32Array(time.length);
    this.#take(slots, slots.length);
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

  /** Puts all rows into tables of this name, and with them `others`, columns of the owner by slot. */
  save(writer: SnapshotWriter, name: string, others: readonly StateColumn[]): void {
    const [rows, pool, dirty] = [this.capacity, this.#pool, this.#dirty];
    writer.strings(this.#fields.map((field) => field.name));
    writer.f64(this.#arrived);
    const write = (into: SnapshotWriter, slots: Int32Array, count: number): void => {
      for (const column of this.#columns) writeStored(into, column, slots, count);
    };
    writer.table({ kind: "opaque", name: valuesOf(name), rows, pool, dirty, write });
    writer.table({ kind: "columns", name, rows, pool, dirty, columns: [this.#used, this.#time, this.#arrivals, ...others] });
  }

  /** Reads what `save` wrote into an empty store; null when the snapshot is of before there were tables of rows. */
  load(reader: SnapshotReader, name: string): LoadedRows | null {
    if (!reader.hasTable(name)) return null;
    const columns = reader.strings().map((field) => this.#columnNamed(field));
    this.#arrived = reader.f64();
    const table = reader.table(name);
    this.#used = table.u8(0);
    this.#time = table.f64(1);
    this.#arrivals = table.f64(2);
    const slots = usedRows(this.#used, table.rows);
    this.#pool.restore(slots);
    this.#readValues(reader.opaque(valuesOf(name)), columns);
    const arrivals = this.#arrivals;
    return loadedRows(
      slots.sort((a, b) => arrivals[a] - arrivals[b]),
      table,
    );
  }

  /** Takes of each row what was said of it last. */
  #readValues(patches: readonly RestoredRows[], columns: readonly StoredColumn[]): void {
    const latest = new Int32Array(this.#used.length).fill(-1);
    patches.forEach(({ rows }, patch) => {
      for (const row of rows) if (row < latest.length && this.#used[row] === 1) latest[row] = patch;
    });
    patches.forEach(({ rows, bytes }, patch) => {
      const picked: number[] = [];
      rows.forEach((row, i) => {
        if (latest[row] === patch) picked.push(i);
      });
      const chosen = Int32Array.from(picked);
      const reader = new SnapshotReader(bytes);
      const slots = chosen.map((i) => rows[i]);
      for (const column of columns) column.set(readColumn(reader).column, chosen, chosen.length, slots);
    });
  }

  #columnNamed(name: string): StoredColumn {
    const index = this.#fields.findIndex((field) => field.name === name);
    if (index < 0) throw new Error(`the snapshot holds a field ${name} that the rows do not have`);
    return this.#columns[index];
  }

  /** Reads what `snapshot` wrote into an empty store: the rows get slots from 0 on, in the order written. Returns how many there are. */
  restore(reader: SnapshotReader): number {
    const time = reader.f64Array();
    const slots = new Int32Array(time.length);
    this.#take(slots, slots.length);
    this.#time.set(time);
    for (const name of reader.strings()) readStored(reader, this.#columnNamed(name), slots);
    return time.length;
  }
}

function valuesOf(name: string): string {
  return `${name}.values`;
}

function loadedRows(slots: Int32Array, table: RestoredTable): LoadedRows {
  return {
    slots,
    i32: (index) => table.i32(ownColumns + index),
    f64: (index) => table.f64(ownColumns + index),
    u8: (index) => table.u8(ownColumns + index),
  };
}
