import type { Column } from "../column/column.ts";
import { type ColumnBuilder, NumberColumnBuilder } from "../column/column-builder.ts";
import { DirtyRows } from "./dirty-rows.ts";
import { grownFloat64, grownInt32, grownUint8 } from "./grown-array.ts";
import { IdPool } from "./id-pool.ts";
import type { SnapshotReader } from "./snapshot-reader.ts";
import type { SnapshotWriter } from "./snapshot-writer.ts";
import { usedRows } from "./used-rows.ts";
import type { PlainValue, ValueTable } from "./value-table.ts";

const none = -1;

/** Whole numbers below this are always found by an array. */
const alwaysDense = 1024;
/** An array is worth it while the numbers below its end are at most so many times those that are known. */
const sparseness = 4;
/** Tables below this length are at most a quarter full: most numbers that are not there are then known by the first look. */
const shortTable = 1 << 18;
/** Arrays are never longer than this. */
const mostDense = 1 << 26;

/**
 * Ids of numbers. Whole numbers that lie close together, as most numbers of things do, are found by an array; all others by open
 * addressing with linear probing; deletion shifts back (Knuth, TAOCP 3, 6.4 R), so that churning keys leave no tombstones.
 */
export class NumberTable implements ValueTable {
  readonly #pool = new IdPool();
  /** By number: id + 1, 0 = unknown. Whole numbers from 0 to its end are here alone. */
  #dense: Int32Array = new Int32Array(16);
  /** Of all other numbers: id + 1, 0 = empty; a power of two long, at most half full, a quarter while it is short. */
  #table: Int32Array = new Int32Array(16);
  /** Entries of `#table`. */
  #hashed = 0;
  #values: Float64Array = new Float64Array(16);
  /** By id: 1 = in use. */
  #used: Uint8Array = new Uint8Array(16);
  /** By id; empty until something refers to one. */
  #references: Int32Array = new Int32Array(0);
  #nullId = none;
  readonly #dirty = new DirtyRows();

  get capacity(): number {
    return this.#pool.capacity;
  }

  get size(): number {
    return this.#pool.size;
  }

  get bytes(): number {
    return this.#dense.byteLength + this.#table.byteLength + this.#values.byteLength + this.#used.byteLength + this.#references.byteLength;
  }

  ids(column: Column, rows: Int32Array, count: number, into: Int32Array): void {
    const { values, valid } = numbersOf(column);
    this.#lookAll(values, rows, count, into);
    if (valid === null && this.#hashed === 0) {
      // Whoever the array knows is found without a call, whose argument would be an object.
      for (let p = 0; p < count; p++) if (into[p] === none) into[p] = this.#idOf(values[rows[p]]);
      return;
    }
    for (let p = 0; p < count; p++) {
      if (valid !== null && valid[rows[p]] === 0) into[p] = this.#idOfNull();
      else if (into[p] < 0 && !this.#confirm(into, p, values[rows[p]])) into[p] = this.#idOf(values[rows[p]]);
    }
  }

  find(column: Column, rows: Int32Array, count: number, into: Int32Array): void {
    const { values, valid } = numbersOf(column);
    this.#lookAll(values, rows, count, into);
    if (this.#hashed > 0)
      for (let p = 0; p < count; p++)
        if (into[p] < none && !this.#confirm(into, p, values[rows[p]])) into[p] = this.#findHashed(values[rows[p]] + 0);
    if (valid !== null) for (let p = 0; p < count; p++) if (valid[rows[p]] === 0) into[p] = this.#nullId;
  }

  /**
   * The first look for each number: an id, `none`, or less than that, the complement of the entry of the table that may be of the number.
   * Where to look is told first, and then looked, in loops of little each: the less there is between two reads, the more of them are
   * under way at once.
   */
  #lookAll(values: Float64Array, rows: Int32Array, count: number, into: Int32Array): void {
    const [dense, table] = [this.#dense, this.#table];
    let outside = 0;
    for (let p = 0; p < count; p++) {
      const value = values[rows[p]];
      const whole = value | 0;
      const isDense = whole === value && whole >= 0 && whole < dense.length;
      into[p] = isDense ? whole : none;
      outside += isDense ? 0 : 1;
    }
    if (outside === 0) {
      for (let p = 0; p < count; p++) into[p] = dense[into[p]] - 1;
      return;
    }
    if (this.#hashed > 0) {
      const mask = table.length - 1;
      for (let p = 0; p < count; p++) if (into[p] === none) into[p] = ~(hashNumber(values[rows[p]] + 0) & mask);
      for (let p = 0; p < count; p++) into[p] = into[p] >= 0 ? dense[into[p]] - 1 : ~table[~into[p]];
      return;
    }
    for (let p = 0; p < count; p++) if (into[p] !== none) into[p] = dense[into[p]] - 1;
  }

  /** Puts the id of a number in place of what `#lookAll` left there; false when that is not of the number. */
  #confirm(into: Int32Array, p: number, value: number): boolean {
    // The complement of an entry is below `none` by its id, and by 1.
    const id = none - 1 - into[p];
    if (id < 0 || this.#values[id] !== value) return false;
    into[p] = id;
    return true;
  }

  idOf(value: PlainValue): number {
    return value === null ? this.#idOfNull() : this.#idOf(Number(value));
  }

  retain(id: number): void {
    if (id >= this.#references.length) this.#references = grownInt32(this.#references, this.#used.length);
    this.#references[id]++;
    this.#dirty.mark(id);
  }

  drop(id: number): void {
    this.#dirty.mark(id);
    if (--this.#references[id] === 0) this.forget(id);
  }

  forget(id: number): void {
    if (id === this.#nullId) this.#nullId = none;
    else this.#remove(id);
    this.#used[id] = 0;
    this.#dirty.mark(id);
    this.#pool.give(id);
  }

  value(id: number): number | null {
    return id === this.#nullId ? null : this.#values[id];
  }

  write(id: number, into: ColumnBuilder, row: number): void {
    if (id === this.#nullId) into.setNull(row);
    else if (into instanceof NumberColumnBuilder) into.setNumber(row, this.#values[id]);
    else into.set(row, this.#values[id]);
  }

  snapshot(writer: SnapshotWriter, name: string): void {
    writer.f64(this.#nullId);
    writer.table({
      kind: "columns",
      name,
      rows: this.capacity,
      pool: this.#pool,
      dirty: this.#dirty,
      columns: [this.#values, this.#used, ...this.#counted()],
    });
  }

  restore(reader: SnapshotReader, name: string): void {
    if (!reader.hasTable(name)) {
      this.#restoreList(reader);
      return;
    }
    this.#nullId = reader.f64();
    const table = reader.table(name);
    this.#values = table.f64(0);
    this.#used = table.u8(1);
    if (table.width > 2) this.#references = table.i32(2);
    this.#pool.restore(usedRows(this.#used, table.rows));
    this.#reserve(this.capacity);
    for (let id = 0; id < this.capacity; id++) if (this.#used[id] === 1 && id !== this.#nullId) this.#insert(id);
  }

  #counted(): readonly Int32Array[] {
    return this.#references.length === 0 ? [] : [this.#references];
  }

  /** As snapshots were before they had tables. */
  #restoreList(reader: SnapshotReader): void {
    const ids = reader.i32Array();
    const values = reader.f64Array();
    const references = reader.i32Array();
    this.#nullId = reader.f64();
    this.#pool.restore(ids);
    this.#reserve(this.capacity);
    this.#references = new Int32Array(this.#used.length);
    ids.forEach((id, i) => {
      this.#used[id] = 1;
      this.#references[id] = references[i];
      this.#dirty.mark(id);
      this.#values[id] = values[i];
      if (id !== this.#nullId) this.#insert(id);
    });
  }

  #idOf(given: number): number {
    // Adding 0 makes -0 the same as 0.
    const value = given + 0;
    const found = this.#find(value);
    if (found !== none) return found;
    const id = this.#register();
    this.#values[id] = value;
    this.#insert(id);
    return id;
  }

  #find(value: number): number {
    const whole = value | 0;
    if (whole === value && whole >= 0 && whole < this.#dense.length) return this.#dense[whole] - 1;
    return this.#findHashed(value);
  }

  #findHashed(value: number): number {
    const table = this.#table;
    const mask = table.length - 1;
    for (let at = hashNumber(value) & mask; table[at] !== 0; at = (at + 1) & mask) {
      const id = table[at] - 1;
      const known = this.#values[id];
      if (known === value || (Number.isNaN(known) && Number.isNaN(value))) return id;
    }
    return none;
  }

  #idOfNull(): number {
    if (this.#nullId === none) {
      this.#nullId = this.#register();
      this.#values[this.#nullId] = 0;
    }
    return this.#nullId;
  }

  #register(): number {
    const id = this.#pool.take();
    this.#reserve(id + 1);
    this.#used[id] = 1;
    this.#dirty.mark(id);
    return id;
  }

  #reserve(ids: number): void {
    if (ids > this.#values.length) {
      this.#values = grownFloat64(this.#values, ids);
      this.#used = grownUint8(this.#used, this.#values.length);
    }
  }

  /** Puts a number into the array or the table. */
  #insert(id: number): void {
    const value = this.#values[id];
    const whole = value | 0;
    if (whole !== value || whole < 0) this.#insertHashed(id);
    else {
      if (whole >= this.#dense.length && whole < mostDense && whole < Math.max(alwaysDense, sparseness * this.size))
        this.#lengthen(whole + 1);
      if (whole < this.#dense.length) this.#dense[whole] = id + 1;
      else this.#insertHashed(id);
    }
  }

  /** Lengthens the array, which takes over the numbers of the table that lie in it now. */
  #lengthen(atLeast: number): void {
    this.#dense = grownInt32(this.#dense, atLeast);
    if (this.#hashed > 0) this.#rehash(this.#table.length);
  }

  #insertHashed(id: number): void {
    const { length } = this.#table;
    if (++this.#hashed * (length < shortTable ? 4 : 2) > length) this.#rehash(length * 2);
    this.#put(id);
  }

  #rehash(length: number): void {
    const old = this.#table;
    this.#table = new Int32Array(length);
    for (const entry of old) {
      if (entry === 0) continue;
      const value = this.#values[entry - 1];
      if (value >= 0 && value < this.#dense.length && (value | 0) === value) {
        this.#dense[value] = entry;
        this.#hashed--;
      } else this.#put(entry - 1);
    }
  }

  #put(id: number): void {
    const mask = this.#table.length - 1;
    let at = hashNumber(this.#values[id]) & mask;
    while (this.#table[at] !== 0) at = (at + 1) & mask;
    this.#table[at] = id + 1;
  }

  #remove(id: number): void {
    const value = this.#values[id];
    const whole = value | 0;
    if (whole === value && whole >= 0 && whole < this.#dense.length) this.#dense[whole] = 0;
    else this.#removeHashed(id);
  }

  #removeHashed(id: number): void {
    this.#hashed--;
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

function numbersOf(column: Column): Extract<Column, { kind: "number" }> {
  if (column.kind !== "number") throw new TypeError(`a number column is needed, not ${column.kind}`);
  return column;
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
