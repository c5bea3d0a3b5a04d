import { DirtyRows } from "../state/dirty-rows.ts";
import { grownInt32 } from "../state/grown-array.ts";
import { IdPool } from "../state/id-pool.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import { usedRows } from "../state/used-rows.ts";

const tableName = "runs";
const valuesName = "runs.values";

/** The keys that have partial matches, each with a place in the tables of a snapshot. */
export class RunKeys {
  readonly #pool = new IdPool();
  readonly #changed = new DirtyRows();
  /** By place: key + 1; 0 where there is none. */
  #keys: Int32Array = new Int32Array(16);
  #places: Int32Array = new Int32Array(16);

  /** By key: place + 1; 0 of keys that have no partial matches. The array is replaced when it grows: do not keep it over `reserve`. */
  get places(): Int32Array {
    return this.#places;
  }

  get bytes(): number {
    return this.#keys.byteLength + this.#places.byteLength + this.#changed.bytes;
  }

  /** All of them, by place. */
  keys(): number[] {
    const keys: number[] = [];
    for (const entry of this.#keys) if (entry > 0) keys.push(entry - 1);
    return keys;
  }

  /** Makes room for all keys below `keys`. */
  reserve(keys: number): void {
    this.#places = grownInt32(this.#places, keys);
  }

  add(key: number): void {
    const place = this.#pool.take();
    this.#keys = grownInt32(this.#keys, place + 1);
    this.#keys[place] = key + 1;
    this.#places[key] = place + 1;
    this.#changed.mark(place);
  }

  /** Notes that the partial matches of a key, which has some, have changed. */
  change(key: number): void {
    this.#changed.mark(this.#places[key] - 1);
  }

  remove(key: number): void {
    const place = this.#places[key] - 1;
    this.#places[key] = 0;
    this.#keys[place] = 0;
    this.#changed.mark(place);
    this.#pool.give(place);
  }

  /** Puts the keys, and what `write` says of some of them, into tables. */
  save(writer: SnapshotWriter, write: (into: SnapshotWriter, keys: readonly number[]) => void): void {
    const [rows, pool, dirty] = [this.#pool.capacity, this.#pool, this.#changed];
    const writePlaces = (into: SnapshotWriter, places: Int32Array, count: number): void => {
      const keys: number[] = [];
      for (let i = 0; i < count; i++) if (this.#keys[places[i]] > 0) keys.push(this.#keys[places[i]] - 1);
      write(into, keys);
    };
    writer.table({ kind: "opaque", name: valuesName, rows, pool, dirty, write: writePlaces });
    writer.table({ kind: "columns", name: tableName, rows, pool, dirty, columns: [this.#keys] });
  }

  /** Reads what `save` wrote: `read` is given what was written of some keys; what comes later counts, and keys that are not among these do not. */
  load(reader: SnapshotReader, read: (bytes: Uint8Array) => void): void {
    const table = reader.table(tableName);
    this.#keys = table.i32(0);
    const places = usedRows(this.#keys, table.rows);
    this.#pool.restore(places);
    for (const place of places) {
      this.reserve(this.#keys[place]);
      this.#places[this.#keys[place] - 1] = place + 1;
    }
    for (const { bytes } of reader.opaque(valuesName)) read(bytes);
  }
}
