import { DirtyRows } from "./dirty-rows.ts";
import { grownInt32 } from "./grown-array.ts";
import { IdPool } from "./id-pool.ts";
import type { SnapshotReader } from "./snapshot-reader.ts";
import type { SnapshotWriter } from "./snapshot-writer.ts";
import { usedRows } from "./used-rows.ts";
import type { CountedIds } from "./value-table.ts";

const unused = 0;

/**
 * Dense ids of pairs of ids. A pair holds a reference to each of its parts for as long as it is known.
 * Open addressing as in `NumberTable`.
 */
export class PairTable implements CountedIds {
  readonly #leftIds: CountedIds | null;
  readonly #rightIds: CountedIds | null;
  readonly #pool = new IdPool();
  /** Id + 1, 0 = empty; a power of two long, at most half full. */
  #table: Int32Array = new Int32Array(32);
  #lefts: Int32Array = new Int32Array(16);
  #rights: Int32Array = new Int32Array(16);
  /** By id: 0 = not in use, else references + 1. */
  #references: Int32Array = new Int32Array(16);
  readonly #dirty = new DirtyRows();

  /** `null` for a part whose ids need no reference counting. */
  constructor(lefts: CountedIds | null, rights: CountedIds | null) {
    this.#leftIds = lefts;
    this.#rightIds = rights;
  }

  get capacity(): number {
    return this.#pool.capacity;
  }

  get size(): number {
    return this.#pool.size;
  }

  get bytes(): number {
    return this.#table.byteLength + this.#lefts.byteLength * 3;
  }

  left(id: number): number {
    return this.#lefts[id];
  }

  right(id: number): number {
    return this.#rights[id];
  }

  /** The ids of the pairs at `0…count`, into `into` (which may be one of the inputs). New pairs are registered. */
  ids(lefts: Int32Array, rights: Int32Array, count: number, into: Int32Array): void {
    for (let p = 0; p < count; p++) into[p] = this.id(lefts[p], rights[p]);
  }

  /** The id of a pair, registered when new. */
  id(left: number, right: number): number {
    const found = this.find(left, right);
    return found >= 0 ? found : this.#register(left, right);
  }

  /** The id of a pair; -1 when it is not registered. */
  find(left: number, right: number): number {
    const table = this.#table;
    const mask = table.length - 1;
    for (let at = hashPair(left, right) & mask; table[at] !== 0; at = (at + 1) & mask) {
      const id = table[at] - 1;
      if (this.#lefts[id] === left && this.#rights[id] === right) return id;
    }
    return -1;
  }

  retain(id: number): void {
    this.#references[id]++;
    this.#dirty.mark(id);
  }

  drop(id: number): void {
    this.#dirty.mark(id);
    if (--this.#references[id] === 1) this.forget(id);
  }

  /** Forgets a pair without references, and with it its hold on its parts. */
  forget(id: number): void {
    this.#remove(id);
    this.#references[id] = unused;
    this.#dirty.mark(id);
    this.#pool.give(id);
    this.#leftIds?.drop(this.#lefts[id]);
    this.#rightIds?.drop(this.#rights[id]);
  }

  /** Writes the pairs; the parts' own tables are written by their owner. */
  snapshot(writer: SnapshotWriter, name: string): void {
    const columns = [this.#lefts, this.#rights, this.#references];
    writer.table({ kind: "columns", name, rows: this.capacity, pool: this.#pool, dirty: this.#dirty, columns });
  }

  restore(reader: SnapshotReader, name: string): void {
    if (!reader.hasTable(name)) {
      this.#restoreList(reader);
      return;
    }
    const table = reader.table(name);
    this.#lefts = table.i32(0);
    this.#rights = table.i32(1);
    this.#references = table.i32(2);
    this.#pool.restore(usedRows(this.#references, table.rows));
    this.#reserve(this.capacity);
    for (let id = 0; id < this.capacity; id++) if (this.#references[id] !== unused) this.#insert(id);
  }

  /** As snapshots were before they had tables. */
  #restoreList(reader: SnapshotReader): void {
    const ids = reader.i32Array();
    const lefts = reader.i32Array();
    const rights = reader.i32Array();
    const references = reader.i32Array();
    this.#pool.restore(ids);
    this.#reserve(this.capacity);
    ids.forEach((id, i) => {
      this.#lefts[id] = lefts[i];
      this.#rights[id] = rights[i];
      this.#references[id] = references[i] + 1;
      this.#dirty.mark(id);
      this.#insert(id);
    });
  }

  #register(left: number, right: number): number {
    const id = this.#pool.take();
    this.#reserve(id + 1);
    this.#lefts[id] = left;
    this.#rights[id] = right;
    this.#references[id] = 1;
    this.#dirty.mark(id);
    this.#insert(id);
    this.#leftIds?.retain(left);
    this.#rightIds?.retain(right);
    return id;
  }

  #reserve(ids: number): void {
    if (ids > this.#lefts.length) {
      this.#lefts = grownInt32(this.#lefts, ids);
      this.#rights = grownInt32(this.#rights, this.#lefts.length);
      this.#references = grownInt32(this.#references, this.#lefts.length);
    }
    if (ids * 2 <= this.#table.length) return;
    const old = this.#table;
    this.#table = new Int32Array(lengthFor(ids * 2));
    for (const entry of old) if (entry !== 0) this.#insert(entry - 1);
  }

  #insert(id: number): void {
    const mask = this.#table.length - 1;
    let at = hashPair(this.#lefts[id], this.#rights[id]) & mask;
    while (this.#table[at] !== 0) at = (at + 1) & mask;
    this.#table[at] = id + 1;
  }

  #remove(id: number): void {
    const table = this.#table;
    const mask = table.length - 1;
    let hole = hashPair(this.#lefts[id], this.#rights[id]) & mask;
    while (table[hole] !== id + 1) hole = (hole + 1) & mask;
    for (let at = (hole + 1) & mask; table[at] !== 0; at = (at + 1) & mask) {
      const other = table[at] - 1;
      const home = hashPair(this.#lefts[other], this.#rights[other]) & mask;
      if (((at - home) & mask) < ((at - hole) & mask)) continue;
      table[hole] = table[at];
      hole = at;
    }
    table[hole] = 0;
  }
}

function lengthFor(entries: number): number {
  let length = 32;
  while (length < entries) length *= 2;
  return length;
}

function hashPair(left: number, right: number): number {
  let bits = Math.imul(left, 0x9e3779b1) ^ Math.imul(right ^ (right >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 15), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
