import type { Batch } from "../column/batch.ts";
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
    for (let p = 0; p < count; p++) if (keys[p] < 0) this.#times[-1 - keys[p]] = Number.NaN;
  }

  /** Lets go of the keys that are due at a watermark, of some of them later. */
  expire(watermark: number): void {
    this.#watermark = watermark;
    this.#expiry.takeDue(watermark, (key) => {
      if (Number.isNaN(this.#times[key]) || !this.#isDue(this.#times[key])) return;
      this.#times[key] = Number.NaN;
      this.#size--;
      this.#keys.release(key);
    });
  }

  snapshot(writer: SnapshotWriter): void {
    this.#keys.snapshot(writer);
    const known = new Int32Array(this.#size);
    let count = 0;
    for (let key = 0; key < this.#times.length; key++) if (!Number.isNaN(this.#times[key])) known[count++] = key;
    writer.i32Array(known);
    writer.f64Array(Float64Array.from(known, (key) => this.#times[key]));
  }

  restore(reader: SnapshotReader, watermark: number): void {
    this.#watermark = watermark;
    this.#keys.restore(reader);
    this.#reserve(this.#keys.capacity);
    const known = reader.i32Array();
    const times = reader.f64Array();
    known.forEach((key, i) => {
      this.note(key, times[i]);
    });
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
