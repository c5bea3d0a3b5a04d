import type { Batch } from "../column/batch.ts";
import { DirtyRows } from "../state/dirty-rows.ts";
import { grownFloat64 } from "../state/grown-array.ts";
import { KeyExpiry } from "../state/key-expiry.ts";
import { type KeyField, KeyTable } from "../state/key-table.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import { noWatermark } from "../time/watermark.ts";

/** Keys with the time of their latest record, each known until the watermark reaches that time + TTL - 1. */
export class SeenKeys {
  readonly #keys: KeyTable;
  readonly #ttlMs: number;
  readonly #expiry: KeyExpiry;
  /** By key; NaN = nothing is known of it. */
  #times: Float64Array = new Float64Array(16).fill(Number.NaN);
  /** Keys of which something is known. Those that are due may be among them for a while. */
  #size = 0;
  readonly #dirty = new DirtyRows();
  #watermark = noWatermark;

  constructor(fields: readonly KeyField[], ttlMs: number) {
    this.#keys = new KeyTable(fields);
    this.#ttlMs = ttlMs;
    this.#expiry = new KeyExpiry(ttlMs);
  }

  get size(): number {
    return this.#size;
  }

  /** Approximate bytes held. */
  get bytes(): number {
    return this.#keys.bytes + this.#times.byteLength + this.#expiry.bytes;
  }

  /** The ids of the keys at `rows[0…count)`; to be followed by `forgetStrangers` with the same ids. */
  assign(batch: Batch, rows: Int32Array, count: number, into: Int32Array): void {
    this.#keys.assign(batch, rows, count, into);
    this.#reserve(this.#keys.capacity);
  }

  /** The time noted for a key; NaN when none is known any more. */
  timeOf(key: number): number {
    const time = this.#times[key];
    return this.#isDue(time) ? Number.NaN : time;
  }

  note(key: number, timeMs: number): void {
    if (Number.isNaN(this.#times[key])) this.#size++;
    this.#times[key] = timeMs;
    this.#dirty.mark(key);
    this.#expiry.add(key, timeMs + this.#ttlMs - 1);
  }

  /** Lets go of those of `keys[0…count)` for which nothing was noted. */
  forgetStrangers(keys: Int32Array, count: number): void {
    for (let p = 0; p < count; p++) {
      const key = keys[p];
      if (!Number.isNaN(this.#times[key])) continue;
      // Any time will do: it marks that the key, which may come again here, is released already.
      this.#times[key] = 0;
      this.#keys.release(key);
      keys[p] = -1 - key;
    }
    for (let p = 0; p < count; p++) if (keys[p] < 0) this.#forget(-1 - keys[p]);
  }

  /** Lets go of the keys that are due at a watermark, of some of them later. */
  expire(watermark: number): void {
    this.#watermark = watermark;
    this.#expiry.takeDue(watermark, (key) => {
      if (Number.isNaN(this.#times[key]) || !this.#isDue(this.#times[key])) return;
      this.#forget(key);
      this.#size--;
      this.#keys.release(key);
    });
  }

  snapshot(writer: SnapshotWriter): void {
    this.#keys.snapshot(writer);
    writer.table({ kind: "columns", name: "seen", rows: this.#keys.capacity, dirty: this.#dirty, columns: [this.#times] });
  }

  restore(reader: SnapshotReader, watermark: number): void {
    this.#watermark = watermark;
    this.#keys.restore(reader);
    if (reader.hasTable("seen")) this.#restoreTable(reader);
    else this.#restoreLists(reader);
  }

  #restoreTable(reader: SnapshotReader): void {
    const times = reader.table("seen").f64(0);
    this.#reserve(Math.max(this.#keys.capacity, times.length));
    times.forEach((time, key) => {
      if (!Number.isNaN(time)) this.note(key, time);
    });
    this.#dirty.clear();
  }

  /** As snapshots were before they had tables. */
  #restoreLists(reader: SnapshotReader): void {
    this.#reserve(this.#keys.capacity);
    const known = reader.i32Array();
    const times = reader.f64Array();
    known.forEach((key, i) => {
      this.note(key, times[i]);
    });
  }

  #forget(key: number): void {
    this.#times[key] = Number.NaN;
    this.#dirty.mark(key);
  }

  #isDue(timeMs: number): boolean {
    return timeMs + this.#ttlMs - 1 <= this.#watermark;
  }

  #reserve(keys: number): void {
    const before = this.#times.length;
    this.#times = grownFloat64(this.#times, keys);
    if (this.#times.length > before) this.#times.fill(Number.NaN, before);
  }
}
