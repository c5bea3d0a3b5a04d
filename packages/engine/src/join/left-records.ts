import type { Batch } from "../column/batch.ts";
import type { Column } from "../column/column.ts";
import { grownUint8 } from "../state/grown-array.ts";
import { RowStore } from "../state/row-store.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import type { Field } from "../types/field-type.ts";
import { TimeQueue } from "./time-queue.ts";

const tableName = "left";
/** Where the keys of the records once were, which are looked up when they are due. */
const noKeys = new Int32Array(0);

/** The left records of a temporal join, which wait for the watermark. */
export class LeftRecords {
  readonly rows: RowStore;
  readonly #queue: TimeQueue;
  /** By slot: row kinds. */
  #kinds: Uint8Array = new Uint8Array(16);
  readonly #slots: Int32Array;

  /** `most`: records that are added at once. */
  constructor(fields: readonly Field[], most: number) {
    this.rows = new RowStore(fields, { passing: true });
    this.#queue = new TimeQueue(this.rows);
    this.#slots = new Int32Array(most);
  }

  get size(): number {
    return this.rows.size;
  }

  /** Approximate bytes held. */
  get bytes(): number {
    return this.rows.bytes + this.#queue.bytes + this.#kinds.byteLength;
  }

  add(batch: Batch, rows: Int32Array, count: number): void {
    const slots = this.#slots;
    const { kinds } = batch;
    this.rows.add(batch, rows, count, slots);
    this.#kinds = grownUint8(this.#kinds, this.rows.capacity);
    if (kinds === null) for (let i = 0; i < count; i++) this.#kinds[slots[i]] = 0;
    else for (let i = 0; i < count; i++) this.#kinds[slots[i]] = kinds[rows[i]];
    this.#queue.insertAll(slots, count);
  }

  kindOf(slot: number): number {
    return this.#kinds[slot];
  }

  /** The values that some records have in a field. */
  column(field: number, slots: Int32Array): Column {
    return this.rows.column(field, slots, slots.length);
  }

  /** The records that a watermark has reached, in order of arrival; to be removed. */
  takeDue(watermark: number): Int32Array {
    const due = this.#queue.takeThrough(watermark);
    const { arrivals } = this.rows;
    for (let i = 1; i < due.length; i++) if (arrivals[due[i - 1]] > arrivals[due[i]]) return due.sort((a, b) => arrivals[a] - arrivals[b]);
    return due;
  }

  remove(slots: Int32Array): void {
    this.rows.removeAll(slots, slots.length);
  }

  /** Writes whole records, for `moveIn`. */
  moveOut(slots: Int32Array, writer: SnapshotWriter): void {
    writer.u8Array(Uint8Array.from(slots, (slot) => this.#kinds[slot]));
    this.rows.writeRows(writer, slots, slots.length);
  }

  /** Adds what `moveOut` wrote, in that order. */
  moveIn(reader: SnapshotReader): void {
    const kinds = reader.u8Array();
    const slots = this.rows.readRows(reader);
    this.#kinds = grownUint8(this.#kinds, this.rows.capacity);
    slots.forEach((slot, i) => {
      this.#kinds[slot] = kinds[i];
      this.#queue.insert(slot);
    });
  }

  snapshot(writer: SnapshotWriter): void {
    this.rows.save(writer, tableName, [noKeys, this.#kinds]);
  }

  /** Returns the keys that the records had where a snapshot has them, with -1 among them. */
  restore(reader: SnapshotReader): Int32Array {
    const loaded = this.rows.load(reader, tableName);
    if (loaded === null) return this.#restoreList(reader);
    this.#kinds = loaded.u8(1);
    for (const slot of loaded.slots) this.#queue.insert(slot);
    const keys = loaded.i32(0);
    return loaded.slots.map((slot) => keys[slot]);
  }

  /** As snapshots were before they had tables of rows. */
  #restoreList(reader: SnapshotReader): Int32Array {
    const keys = reader.i32Array();
    const kinds = reader.u8Array();
    const count = this.rows.restore(reader);
    this.#kinds = grownUint8(kinds, count);
    reader.f64Array().forEach((arrival, slot) => {
      this.rows.setArrival(slot, arrival);
    });
    for (let slot = 0; slot < count; slot++) this.#queue.insert(slot);
    return keys;
  }
}
