import type { Column } from "../column/column.ts";
import type { ColumnBuilder } from "../column/column-builder.ts";
import { grownFloat64, grownInt32 } from "./grown-array.ts";
import { IdPool } from "./id-pool.ts";
import type { SnapshotReader } from "./snapshot-reader.ts";
import type { SnapshotWriter } from "./snapshot-writer.ts";
import type { ValueTable } from "./value-table.ts";

const unused = -1;

/**
 * Ids of numbers, by open addressing with linear probing; deletion shifts back (Knuth, TAOCP 3, 6.4 R),
 * so that churning keys leave no tombstones.
 */
export class NumberTable implements ValueTable {
  readonly #pool = new IdPool();
  /** Id + 1, 0 = empty; a power of two long, at most half full. */
  #table: Int32Array = new Int32Array(32);
  #values: Float64Array = new Float64Array(16);
  /** By id; -1 = not in use. */
  #references: Int32Array = new Int32Array(16).fill(unused);
  #nullId = unused;

  get capacity(): number {
    return this.#pool.capacity;
  }

  get size(): number {
    return this.#pool.size;
  }

  get bytes(): number {
    return this.#table.byteLength + this.#values.byteLength + this.#references.byteLength;
  }

  ids(column: Column, rows: Int32Array, count: number, into: Int32Array): void {
    if (column.kind !== "number") throw new TypeError(`a number column is needed, not ${column.kind}`);
    const { values, valid } = column;
    if (valid === null) for (let p = 0; p < count; p++) into[p] = this.#idOf(values[rows[p]]);
    else for (let p = 0; p < count; p++) into[p] = valid[rows[p]] === 0 ? this.#idOfNull() : this.#idOf(values[rows[p]]);
  }

  retain(id: number): void {
    this.#references[id]++;
  }

  drop(id: number): void {
    if (--this.#references[id] === 0) this.forget(id);
  }

  forget(id: number): void {
    if (id === this.#nullId) this.#nullId = unused;
    else this.#remove(id);
    this.#references[id] = unused;
    this.#pool.give(id);
  }

  value(id: number): number | null {
    return id === this.#nullId ? null : this.#values[id];
  }

  write(id: number, into: ColumnBuilder, row: number): void {
    into.set(row, this.value(id));
  }

  snapshot(writer: SnapshotWriter): void {
    const ids = new Int32Array(this.size);
    let count = 0;
    for (let id = 0; id < this.capacity; id++) if (this.#references[id] !== unused) ids[count++] = id;
    writer.i32Array(ids);
    writer.f64Array(Float64Array.from(ids, (id) => this.#values[id]));
    writer.i32Array(ids.map((id) => this.#references[id]));
    writer.f64(this.#nullId);
  }

  restore(reader: SnapshotReader): void {
    const ids = reader.i32Array();
    const values = reader.f64Array();
    const references = reader.i32Array();
    this.#nullId = reader.f64();
    this.#pool.restore(ids);
    this.#reserve(this.capacity);
    ids.forEach((id, i) => {
      this.#references[id] = references[i];
      this.#values[id] = values[i];
      if (id !== this.#nullId) this.#insert(id);
    });
  }

  #idOf(given: number): number {
    // Adding 0 makes -0 the same as 0.
    const value = given + 0;
    const table = this.#table;
    const mask = table.length - 1;
    for (let at = hashNumber(value) & mask; table[at] !== 0; at = (at + 1) & mask) {
      const id = table[at] - 1;
      const known = this.#values[id];
      if (known === value || (Number.isNaN(known) && Number.isNaN(value))) return id;
    }
    const id = this.#register();
    this.#values[id] = value;
    this.#insert(id);
    return id;
  }

  #idOfNull(): number {
    if (this.#nullId === unused) {
      this.#nullId = this.#register();
      this.#values[this.#nullId] = 0;
    }
    return this.#nullId;
  }

  #register(): number {
    const id = this.#pool.take();
    this.#reserve(id + 1);
    this.#references[id] = 0;
    return id;
  }

  #reserve(ids: number): void {
    if (ids > this.#values.length) {
      const before = this.#references.length;
      this.#values = grownFloat64(this.#values, ids);
      this.#references = grownInt32(this.#references, this.#values.length).fill(unused, before);
    }
    if (ids * 2 > this.#table.length) this.#rehash(ids * 2);
  }

  #rehash(atLeast: number): void {
    let length = this.#table.length;
    while (length < atLeast) length *= 2;
    const old = this.#table;
    this.#table = new Int32Array(length);
    for (const entry of old) if (entry !== 0) this.#insert(entry - 1);
  }

  #insert(id: number): void {
    const mask = this.#table.length - 1;
    let at = hashNumber(this.#values[id]) & mask;
    while (this.#table[at] !== 0) at = (at + 1) & mask;
    this.#table[at] = id + 1;
  }

  #remove(id: number): void {
    const table = this.#table;
    const mask = table.length - 1;
    let hole = hashNumber(this.#values[id]) & mask;
    while (table[hole] !== id + 1) hole = (hole + 1) & mask;
    for (let at = (hole + 1) & mask; table[at] !== 0; at = (at + 1) & mask) {
      const home = hashNumber(this.#values[table[at] - 1]) & mask;
      if (((at - home) & mask) < ((at - hole) & mask)) continue;
      table[hole] = table[at];
      hole = at;
    }
    table[hole] = 0;
  }
}

const scratch = new Float64Array(1);
const scratchBits = new Int32Array(scratch.buffer);

/** A hash of all bits of a number; every NaN hashes alike. */
function hashNumber(value: number): number {
  const whole = value | 0;
  let bits = whole;
  if (whole !== value) {
    scratch[0] = Number.isNaN(value) ? Number.NaN : value;
    bits = scratchBits[0] ^ Math.imul(scratchBits[1], 0x9e3779b1);
  }
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
