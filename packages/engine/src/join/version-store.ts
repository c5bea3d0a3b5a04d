import type { Batch } from "../column/batch.ts";
import { grownInt32, grownUint8 } from "../state/grown-array.ts";
import { RowStore } from "../state/row-store.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import type { Field } from "../types/field-type.ts";
import type { JoinKeys } from "./join-keys.ts";
import { TimeIndex } from "./time-index.ts";

/** In place of the key of a version that has moved out. */
const gone = -2;

/**
 * The versions of the records of a table, by key and time: at any time the version with the greatest time up to it is
 * valid, of those with one time the last that came. Of the versions up to the watermark only the newest is kept, even
 * when it says that the record was deleted: else an older one that comes late would seem valid.
 */
export class VersionStore {
  readonly rows: RowStore;
  readonly #keys: JoinKeys;
  readonly #byKey: TimeIndex;
  /** One group: the versions after the watermark. */
  readonly #later: TimeIndex;
  /** By slot. */
  #keyOf: Int32Array = new Int32Array(16);
  #isDeleted: Uint8Array = new Uint8Array(16);
  #watermark = Number.NEGATIVE_INFINITY;
  /** Versions after the watermark that have moved out and are still among those. */
  #gone = 0;

  constructor(fields: readonly Field[], keys: JoinKeys) {
    this.rows = new RowStore(fields);
    this.#keys = keys;
    this.#byKey = new TimeIndex(this.rows);
    this.#later = new TimeIndex(this.rows);
  }

  /** Versions held, those of deletion included. */
  get size(): number {
    return this.rows.size - this.#gone;
  }

  /** The latest that `advance` was given. */
  get watermark(): number {
    return this.#watermark;
  }

  /** Whether a key has versions. */
  holds(key: number): boolean {
    return this.#byKey.first(key) >= 0;
  }

  /** Approximate bytes held, without the keys. */
  get bytes(): number {
    return this.rows.bytes + this.#byKey.bytes + this.#later.bytes + this.#keyOf.byteLength + this.#isDeleted.byteLength;
  }

  /** Adds versions in order of arrival; `isDeleted[i]` is 1 for one that ends the record. `slots` is room for as many. */
  add(batch: Batch, rows: Int32Array, count: number, keys: Int32Array, isDeleted: Uint8Array, slots: Int32Array): void {
    this.rows.add(batch, rows, count, slots);
    for (let i = 0; i < count; i++) this.#insert(slots[i], keys[i], isDeleted[i]);
  }

  /** Prepares `validAt` for many keys, at most `maxBatchRows`. */
  meet(keys: Int32Array, count: number): void {
    this.#byKey.meet(keys, count, this.#keys.capacity);
  }

  /** The slot of the version of a key that is valid at `timeMs`; -1 when there is none. */
  validAt(key: number, timeMs: number): number {
    const slot = this.#byKey.atOrBefore(key, timeMs);
    return slot >= 0 && this.#isDeleted[slot] === 0 ? slot : -1;
  }

  /** Drops the versions that no time after `watermark` sees; does nothing for one that has been passed. */
  advance(watermark: number): void {
    this.#watermark = Math.max(this.#watermark, watermark);
    for (let slot = this.#later.first(0); slot >= 0 && this.rows.time[slot] <= this.#watermark; slot = this.#later.first(0)) {
      this.#later.removeFirst(0);
      this.#dropBefore(slot);
    }
  }

  /** Writes the versions of a key and forgets them; what is left of them goes with `movedOut`. Returns how many they were. */
  moveOut(key: number, writer: SnapshotWriter): number {
    const slots: number[] = [];
    for (let slot = this.#byKey.first(key); slot >= 0; slot = this.#byKey.next(slot)) slots.push(slot);
    writer.u8Array(Uint8Array.from(slots, (slot) => this.#isDeleted[slot]));
    this.rows.writeRows(writer, Int32Array.from(slots), slots.length);
    this.#byKey.replace(key, new Int32Array(0), 0);
    for (const slot of slots) {
      if (this.rows.time[slot] <= this.#watermark) this.rows.remove(slot);
      else {
        this.#keyOf[slot] = gone;
        this.#gone++;
      }
      this.#keys.drop(key);
    }
    return slots.length;
  }

  movedOut(): void {
    if (this.#gone === 0) return;
    const left = new Int32Array(this.rows.size);
    const moved: number[] = [];
    let count = 0;
    for (let slot = this.#later.first(0); slot >= 0; slot = this.#later.next(slot)) {
      if (this.#keyOf[slot] === gone) moved.push(slot);
      else left[count++] = slot;
    }
    this.#later.replace(0, left, count);
    for (const slot of moved) this.rows.remove(slot);
    this.#gone = 0;
  }

  /** Takes the versions of a key back, but for those that no time after the watermark sees any more. Returns how many had been written. */
  moveIn(key: number, reader: SnapshotReader): number {
    const isDeleted = reader.u8Array();
    const slots = this.rows.readRows(reader);
    slots.forEach((slot, i) => {
      this.#insert(slot, key, isDeleted[i]);
    });
    return slots.length;
  }

  /** `name`: of the tables that the rows go into. */
  snapshot(writer: SnapshotWriter, name: string): void {
    writer.f64(this.#watermark);
    this.rows.save(writer, name, [this.#keyOf, this.#isDeleted]);
  }

  /** The keys have been restored before. */
  restore(reader: SnapshotReader, name: string): void {
    this.#watermark = reader.f64();
    const loaded = this.rows.load(reader, name);
    if (loaded === null) {
      // As snapshots were before they had tables of rows.
      const keys = reader.i32Array();
      const isDeleted = reader.u8Array();
      const count = this.rows.restore(reader);
      for (let slot = 0; slot < count; slot++) this.#insert(slot, keys[slot], isDeleted[slot]);
      return;
    }
    const [keys, isDeleted] = [loaded.i32(0), loaded.u8(1)];
    for (const slot of loaded.slots) this.#insert(slot, keys[slot], isDeleted[slot]);
  }

  #insert(slot: number, key: number, isDeleted: number): void {
    this.#keyOf = grownInt32(this.#keyOf, slot + 1);
    this.#isDeleted = grownUint8(this.#isDeleted, slot + 1);
    this.#keyOf[slot] = key;
    this.#isDeleted[slot] = isDeleted;
    this.#keys.retain(key);
    const at = this.rows.time[slot];
    const isLate = at <= this.#watermark;
    const newest = isLate ? this.#byKey.atOrBefore(key, this.#watermark) : -1;
    if (newest >= 0 && this.rows.time[newest] > at) {
      this.#forget(slot);
      return;
    }
    this.#byKey.insert(key, slot);
    if (isLate) this.#dropBefore(slot);
    else this.#later.insert(0, slot);
  }

  /** Drops the versions of a key before one that hides them. */
  #dropBefore(slot: number): void {
    const key = this.#keyOf[slot];
    while (this.#byKey.first(key) !== slot) this.#forget(this.#byKey.removeFirst(key));
  }

  #forget(slot: number): void {
    this.#keys.drop(this.#keyOf[slot]);
    this.rows.remove(slot);
  }
}
