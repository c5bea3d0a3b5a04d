import type { Batch } from "../column/batch.ts";
import type { JoinKeys } from "../join/join-keys.ts";
import { grownInt32, grownUint8 } from "../state/grown-array.ts";
import { RowStore } from "../state/row-store.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import { endOfTime } from "../time/watermark.ts";
import type { Field } from "../types/field-type.ts";

/**
 * Records that wait for answers, in order of arrival, with the watermarks between them. Only those before the first
 * watermark may come out: all of them, then the watermark, then those behind it.
 */
export class LookupQueue {
  readonly rows: RowStore;
  readonly #keys: JoinKeys;
  /** Slots in order of arrival; the first `size` count. */
  #order: Int32Array = new Int32Array(16);
  #size = 0;
  /** By slot. */
  #keyOf: Int32Array = new Int32Array(16);
  #kinds: Uint8Array = new Uint8Array(16);
  /** Watermarks that wait, and how many records lie before each, behind the one before it. */
  readonly #watermarks: number[] = [];
  readonly #before: number[] = [];
  /** Records behind the last watermark. */
  #behind = 0;

  constructor(fields: readonly Field[], keys: JoinKeys) {
    this.rows = new RowStore(fields);
    this.#keys = keys;
  }

  get size(): number {
    return this.#size;
  }

  get isEmpty(): boolean {
    return this.#size === 0 && this.#watermarks.length === 0;
  }

  /** Approximate bytes held, without the keys. */
  get bytes(): number {
    return this.rows.bytes + this.#order.byteLength + this.#keyOf.byteLength + this.#kinds.byteLength;
  }

  /** Adds `rows[0…count)` of a batch with their keys; their slots go into `slots`. */
  add(batch: Batch, rows: Int32Array, count: number, keys: Int32Array, slots: Int32Array): void {
    this.rows.add(batch, rows, count, slots);
    for (let i = 0; i < count; i++) this.#append(slots[i], keys[i], batch.kinds === null ? 0 : batch.kinds[rows[i]]);
  }

  /**
   * A watermark has come behind all records so far. It takes the place of one that nothing came after; the end does not, as
   * what the end sets free may be late by the watermark before it.
   */
  addWatermark(watermark: number): void {
    const last = this.#watermarks.length - 1;
    if (last >= 0 && this.#behind === 0 && watermark !== endOfTime) this.#watermarks[last] = watermark;
    else {
      this.#watermarks.push(watermark);
      this.#before.push(this.#behind);
      this.#behind = 0;
    }
  }

  keyOf(slot: number): number {
    return this.#keyOf[slot];
  }

  kindOf(slot: number): number {
    return this.#kinds[slot];
  }

  /** The record at place `i` in order of arrival. */
  slotAt(i: number): number {
    return this.#order[i];
  }

  /** How many records, from the first on, lie before the first watermark. */
  get reachable(): number {
    return this.#watermarks.length === 0 ? this.#size : this.#before[0];
  }

  /** The first watermark when no record lies before it any more, taken out; null else. */
  takeWatermark(): number | null {
    if (this.#watermarks.length === 0 || this.#before[0] > 0) return null;
    this.#before.shift();
    return this.#watermarks.shift() ?? null;
  }

  /** Removes the records `taken[0…count)`, which are reachable and stand in order of arrival. */
  remove(taken: Int32Array, count: number): void {
    if (count === 0) return;
    let kept = 0;
    let next = 0;
    for (let i = 0; i < this.#size; i++) {
      const slot = this.#order[i];
      if (next < count && slot === taken[next]) next++;
      else this.#order[kept++] = slot;
    }
    this.#size = kept;
    if (this.#watermarks.length > 0) this.#before[0] -= count;
    else this.#behind -= count;
    for (let i = 0; i < count; i++) {
      this.#keys.drop(this.#keyOf[taken[i]]);
      this.rows.remove(taken[i]);
    }
  }

  snapshot(writer: SnapshotWriter): void {
    const slots = this.#order.subarray(0, this.#size);
    writer.f64Array(Float64Array.from(this.#watermarks));
    writer.i32Array(Int32Array.from(this.#before));
    writer.i32Array(Int32Array.from(slots, (slot) => this.#keyOf[slot]));
    writer.u8Array(Uint8Array.from(slots, (slot) => this.#kinds[slot]));
    this.rows.snapshot(writer, slots, slots.length);
  }

  /** The keys have been restored before. Records get slots from 0 on, in order of arrival. */
  restore(reader: SnapshotReader): void {
    this.#watermarks.push(...reader.f64Array());
    this.#before.push(...reader.i32Array());
    const keys = reader.i32Array();
    const kinds = reader.u8Array();
    const count = this.rows.restore(reader);
    for (let slot = 0; slot < count; slot++) this.#append(slot, keys[slot], kinds[slot]);
    this.#behind = count - this.#before.reduce((sum, records) => sum + records, 0);
  }

  #append(slot: number, key: number, kind: number): void {
    this.#order = grownInt32(this.#order, this.#size + 1);
    this.#keyOf = grownInt32(this.#keyOf, slot + 1);
    this.#kinds = grownUint8(this.#kinds, slot + 1);
    this.#order[this.#size++] = slot;
    this.#keyOf[slot] = key;
    this.#kinds[slot] = kind;
    this.#keys.retain(key);
    this.#behind++;
  }
}
