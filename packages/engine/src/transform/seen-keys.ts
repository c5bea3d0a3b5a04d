import type { Batch } from "../column/batch.ts";
import { ColdExpiry } from "../state/cold-expiry.ts";
import { DirtyRows } from "../state/dirty-rows.ts";
import { grownFloat64, grownUint8 } from "../state/grown-array.ts";
import { KeyExpiry } from "../state/key-expiry.ts";
import { type KeyField, KeyTable } from "../state/key-table.ts";
import { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import type { SpilledRows } from "../state/spilled-rows.ts";
import { noWatermark } from "../time/watermark.ts";

/** Of keys outside of memory, and of those in memory beside them: so many parts of the TTL are looked through at once. */
const partsPerTtl = 64;
/** What is left in memory when there are too many keys there. */
const keptShare = 0.9;

/**
 * Keys with the time of their latest record, each known until the watermark reaches that time + TTL - 1. With `spillTo`,
 * keys that have not come for long are kept outside of memory, and come back when they are asked for: a key is here or
 * there, never both.
 */
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
  #rows: SpilledRows | null = null;
  #coldExpiry: ColdExpiry | null = null;
  #hotKeys = Number.POSITIVE_INFINITY;
  #coldSize = 0;
  /** By key: 1 when it came since the hand last passed. */
  #recent: Uint8Array = new Uint8Array(0);
  /** Goes round over the keys in memory to find those that have not come for long (the clock algorithm). */
  #hand = 0;
  #nextSweepMs = noWatermark;

  constructor(fields: readonly KeyField[], ttlMs: number) {
    this.#keys = new KeyTable(fields);
    this.#ttlMs = ttlMs;
    this.#expiry = new KeyExpiry(ttlMs);
  }

  /** Those outside of memory too. */
  get size(): number {
    return this.#size + this.#coldSize;
  }

  /** Keeps at most `hotKeys` in memory between batches, the others in `rows`. To be called before anything else. */
  spillTo(rows: SpilledRows, hotKeys: number): void {
    this.#rows = rows;
    this.#coldExpiry = new ColdExpiry(rows, Math.max(1, Math.ceil(this.#ttlMs / partsPerTtl)));
    this.#hotKeys = hotKeys;
  }

  /** Approximate bytes held. */
  get bytes(): number {
    return this.#keys.bytes + this.#times.byteLength + this.#expiry.bytes;
  }

  /** The ids of the keys at `rows[0…count)`; to be followed by `forgetStrangers` with the same ids. */
  assign(batch: Batch, rows: Int32Array, count: number, into: Int32Array): void {
    this.#keys.assign(batch, rows, count, into);
    this.#reserve(this.#keys.capacity);
    if (Number.isFinite(this.#hotKeys)) for (let p = 0; p < count; p++) this.#recent[into[p]] = 1;
    if (this.#coldSize > 0) for (let p = 0; p < count; p++) if (Number.isNaN(this.#times[into[p]])) this.#fetch(into[p]);
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
    // Of keys that may leave memory it would hold an entry until it is due.
    if (this.#hotKeys === Number.POSITIVE_INFINITY) this.#expiry.add(key, timeMs + this.#ttlMs - 1);
  }

  /** Moves keys out of memory when there are too many in it; to be called after a batch. */
  spill(): void {
    if (this.#size <= this.#hotKeys || this.#rows === null) return;
    const kept = Math.floor(this.#hotKeys * keptShare);
    for (; this.#size > kept; this.#hand++) {
      if (this.#hand >= this.#times.length) this.#hand = 0;
      const key = this.#hand;
      if (Number.isNaN(this.#times[key])) continue;
      if (this.#recent[key] === 1) this.#recent[key] = 0;
      else this.#moveOut(key, this.#rows);
    }
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
    this.#expiry.takeDue(watermark, (key) => this.#drop(key));
    this.#coldExpiry?.takeDue(watermark, (text) => {
      const row = this.#rows?.get(text) ?? null;
      if (row === null || !this.#isDue(timeOfRow(row))) return;
      this.#rows?.remove(text);
      this.#coldSize--;
    });
    if (this.#hotKeys === Number.POSITIVE_INFINITY || watermark < this.#nextSweepMs) return;
    this.#nextSweepMs = watermark + Math.ceil(this.#ttlMs / partsPerTtl);
    for (let key = 0; key < this.#times.length; key++) this.#drop(key);
  }

  #drop(key: number): void {
    if (Number.isNaN(this.#times[key]) || !this.#isDue(this.#times[key])) return;
    this.#forget(key);
    this.#size--;
    this.#keys.release(key);
  }

  /** Brings a key back into memory, if it is outside. */
  #fetch(key: number): void {
    const text = this.#keys.text(key);
    const row = this.#rows?.get(text) ?? null;
    if (row === null) return;
    this.#rows?.remove(text);
    this.#coldSize--;
    const time = timeOfRow(row);
    if (!this.#isDue(time)) this.note(key, time);
  }

  #moveOut(key: number, rows: SpilledRows): void {
    const time = this.#times[key];
    if (!this.#isDue(time)) {
      const text = this.#keys.text(key);
      rows.put(text, new Uint8Array(Float64Array.of(time).buffer));
      this.#coldExpiry?.add(text, time + this.#ttlMs - 1);
      this.#coldSize++;
    }
    this.#forget(key);
    this.#size--;
    this.#keys.release(key);
  }

  /** See `Parting`. */
  part(give: (key: string, state: SnapshotReader) => void): void {
    this.#times.forEach((time, key) => {
      if (Number.isNaN(time)) return;
      const text = this.#keys.text(key);
      this.#forget(key);
      this.#size--;
      this.#keys.release(key);
      give(text, new SnapshotReader(new Uint8Array(Float64Array.of(time).buffer)));
    });
  }

  /** See `Parting`. */
  take(key: string, state: SnapshotReader): void {
    const id = this.#keys.idOf(key);
    this.#reserve(this.#keys.capacity);
    this.note(id, state.f64());
  }

  snapshot(writer: SnapshotWriter): void {
    this.#keys.snapshot(writer);
    writer.table({ kind: "columns", name: "seen", rows: this.#keys.capacity, dirty: this.#dirty, columns: [this.#times] });
    writer.f64(this.#coldSize);
    this.#coldExpiry?.snapshot(writer);
  }

  restore(reader: SnapshotReader, watermark: number): void {
    this.#watermark = watermark;
    this.#keys.restore(reader);
    if (reader.hasTable("seen")) this.#restoreTable(reader);
    else this.#restoreLists(reader);
    // Not in snapshots of before keys could leave memory.
    if (reader.remaining === 0) return;
    this.#coldSize = reader.f64();
    if (reader.remaining > 0) this.#coldExpiry?.restore(reader);
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
    if (Number.isFinite(this.#hotKeys)) this.#recent = grownUint8(this.#recent, this.#times.length);
  }
}

function timeOfRow(row: Uint8Array): number {
  return new DataView(row.buffer, row.byteOffset).getFloat64(0, true);
}
