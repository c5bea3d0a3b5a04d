import type { Batch } from "../column/batch.ts";
import { grownInt32, grownUint8 } from "../state/grown-array.ts";
import { KeyExpiry } from "../state/key-expiry.ts";
import { RowStore } from "../state/row-store.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import type { Field } from "../types/field-type.ts";
import type { JoinKeys } from "./join-keys.ts";

const notLinked = -1;

/**
 * The rows of one side of a regular join: for each key a list in order of arrival, from which any row can be taken out.
 * A row is in a list from `link` to `unlink`, and in the store from `add` to `remove`.
 */
export class JoinTable {
  readonly rows: RowStore;
  readonly #keys: JoinKeys;
  readonly #ttlMs: number;
  /** Slots by when they expire; of slots that are used again the older entries say nothing. */
  readonly #expiry: KeyExpiry;
  /** By key; slot + 1, 0 = none. */
  #firsts: Int32Array = new Int32Array(16);
  #lasts: Int32Array = new Int32Array(16);
  /** By slot: neighbours as slot + 1; key, or `notLinked`; whether the row is out padded with NULLs. */
  #nexts: Int32Array = new Int32Array(16);
  #previous: Int32Array = new Int32Array(16);
  #keyOf: Int32Array = new Int32Array(16).fill(notLinked);
  #padded: Uint8Array = new Uint8Array(16);
  /** Rows dropped because their time to live was over; total since the start. */
  evicted = 0;

  constructor(fields: readonly Field[], keys: JoinKeys, ttlMs: number) {
    this.rows = new RowStore(fields);
    this.#keys = keys;
    this.#ttlMs = ttlMs;
    this.#expiry = new KeyExpiry(ttlMs);
  }

  get size(): number {
    return this.rows.size;
  }

  /** Approximate bytes held, without the keys. */
  get bytes(): number {
    return this.rows.bytes + this.#firsts.byteLength * 2 + this.#nexts.byteLength * 3 + this.#padded.byteLength + this.#expiry.bytes;
  }

  /** Stores `rows[0…count)`; their slots go into `slots`. They are in no list yet. */
  add(batch: Batch, rows: Int32Array, count: number, slots: Int32Array): void {
    this.rows.add(batch, rows, count, slots);
    this.#reserve();
  }

  #reserve(): void {
    const before = this.#keyOf.length;
    this.#keyOf = grownInt32(this.#keyOf, this.rows.capacity);
    if (this.#keyOf.length > before) this.#keyOf.fill(notLinked, before);
    this.#nexts = grownInt32(this.#nexts, this.rows.capacity);
    this.#previous = grownInt32(this.#previous, this.rows.capacity);
    this.#padded = grownUint8(this.#padded, this.rows.capacity);
  }

  /** The first row of a key; -1 when there is none. */
  first(key: number): number {
    return key < this.#firsts.length ? this.#firsts[key] - 1 : -1;
  }

  /** The row of the same key after `slot`; -1 behind the last. */
  next(slot: number): number {
    return this.#nexts[slot] - 1;
  }

  /** The first row of a key with the values of the row at `slot`, which is in no list; -1 when there is none. */
  find(key: number, slot: number): number {
    let found = this.first(key);
    while (found >= 0 && !this.rows.sameValues(found, slot)) found = this.next(found);
    return found;
  }

  isPadded(slot: number): boolean {
    return this.#padded[slot] === 1;
  }

  setPadded(slot: number, padded: boolean): void {
    this.#padded[slot] = padded ? 1 : 0;
    this.rows.mark(slot);
  }

  /** Puts a row at the end of the list of its key. */
  link(slot: number, key: number): void {
    this.#firsts = grownInt32(this.#firsts, key + 1);
    this.#lasts = grownInt32(this.#lasts, key + 1);
    const last = this.#lasts[key];
    this.#previous[slot] = last;
    this.#nexts[slot] = 0;
    if (last === 0) this.#firsts[key] = slot + 1;
    else this.#nexts[last - 1] = slot + 1;
    this.#lasts[key] = slot + 1;
    this.#keyOf[slot] = key;
    this.#keys.retain(key);
    this.#expiry.add(slot, this.rows.time[slot] + this.#ttlMs);
  }

  /** Takes a row out of its list; its key stays known until `remove`. */
  unlink(slot: number): void {
    const key = this.#keyOf[slot];
    const before = this.#previous[slot];
    const after = this.#nexts[slot];
    if (before === 0) this.#firsts[key] = after;
    else this.#nexts[before - 1] = after;
    if (after === 0) this.#lasts[key] = before;
    else this.#previous[after - 1] = before;
  }

  /** Forgets a row, in no list any more or never in one. */
  remove(slot: number): void {
    if (this.#keyOf[slot] !== notLinked) this.#keys.drop(this.#keyOf[slot]);
    this.#keyOf[slot] = notLinked;
    this.#padded[slot] = 0;
    this.rows.remove(slot);
  }

  /** Rows may leave memory from now on: see `KeyExpiry.sweep`. */
  sweep(): void {
    this.#expiry.sweep(() => this.rows.capacity);
  }

  /** When the last row of a key will be dropped; -Infinity when it has none. */
  lastExpiryMs(key: number): number {
    let last = Number.NEGATIVE_INFINITY;
    for (let slot = this.first(key); slot >= 0; slot = this.next(slot)) last = Math.max(last, this.rows.time[slot] + this.#ttlMs);
    return last;
  }

  /** Writes the rows of a key and forgets them; `watermark` is what they have lived through. */
  moveOut(key: number, writer: SnapshotWriter, watermark: number): void {
    const slots: number[] = [];
    for (let slot = this.first(key); slot >= 0; slot = this.next(slot)) slots.push(slot);
    const all = Int32Array.from(slots);
    writer.f64(watermark);
    writer.u8Array(Uint8Array.from(slots, (slot) => this.#padded[slot]));
    this.rows.writeRows(writer, all, all.length);
    for (const slot of slots) {
      this.unlink(slot);
      this.remove(slot);
    }
  }

  /** Takes the rows of a key back, but for those that a watermark since they left would have dropped. */
  moveIn(key: number, reader: SnapshotReader, watermark: number): void {
    const leftAt = reader.f64();
    const padded = reader.u8Array();
    const slots = this.rows.readRows(reader);
    this.#reserve();
    slots.forEach((slot, i) => {
      this.link(slot, key);
      this.#padded[slot] = padded[i];
    });
    // One that came when it was over already stays until the next watermark, in memory as well.
    if (watermark <= leftAt) return;
    for (const slot of slots) if (this.#expiry.isOver(this.rows.time[slot] + this.#ttlMs, watermark)) this.#evictRow(slot);
  }

  /** Drops the rows whose time to live is over; it may last a little longer than it says, never less. */
  evict(watermark: number): void {
    this.#expiry.takeDue(watermark, (slot) => {
      if (this.#keyOf[slot] === notLinked) return;
      const expiryMs = this.rows.time[slot] + this.#ttlMs;
      if (this.#expiry.isOver(expiryMs, watermark)) this.#evictRow(slot);
      else if (this.#expiry.sweeps) this.#expiry.add(slot, expiryMs);
    });
  }

  #evictRow(slot: number): void {
    this.unlink(slot);
    this.remove(slot);
    this.evicted++;
  }

  /** `name`: of the tables that the rows go into. */
  snapshot(writer: SnapshotWriter, name: string): void {
    writer.f64(this.evicted);
    this.rows.save(writer, name, [this.#keyOf, this.#padded]);
  }

  /** The keys have been restored before. */
  restore(reader: SnapshotReader, name: string): void {
    this.evicted = reader.f64();
    const loaded = this.rows.load(reader, name);
    if (loaded === null) this.#restoreList(reader);
    else this.#relink(loaded.slots, loaded.i32(0), loaded.u8(1));
  }

  /** As snapshots were before they had tables of rows. */
  #restoreList(reader: SnapshotReader): void {
    const keys = reader.i32Array();
    const padded = reader.u8Array();
    const count = this.rows.restore(reader);
    this.#relink(
      Int32Array.from({ length: count }, (_, i) => i),
      keys,
      padded,
    );
  }

  /** Links rows in order; keys and marks are by slot. */
  #relink(slots: Int32Array, keys: Int32Array, padded: Uint8Array): void {
    this.#reserve();
    for (const slot of slots) {
      this.link(slot, keys[slot]);
      this.#padded[slot] = padded[slot];
    }
  }
}
