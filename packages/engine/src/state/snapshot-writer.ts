import type { StateColumn, StateTable } from "./state-table.ts";

const initialBytes = 512;
/** Up to so many entries are cheaper one by one than as a view of their bytes. */
const fewEntries = 8;
/** Entries that are picked are put together in so many at a time, as values cannot be written at every place of bytes at once. */
const pickedAtOnce = 1024;
const doubles = new Float64Array(pickedAtOnce);
const ints = new Int32Array(doubles.buffer);
const bytes = new Uint8Array(doubles.buffer);
/** Up to so many characters are cheaper one by one than by an encoder. */
const shortText = 32;

/**
 * Binary writer for operator state: little-endian, columns as raw dumps. What it writes is versioned by
 * the operators themselves (the first thing each writes is its own layout version).
 */
export class SnapshotWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView;
  #length = 0;
  readonly #tables: StateTable[] = [];

  /** `reserved`: bytes to have room for from the start. */
  constructor(reserved = initialBytes) {
    this.#bytes = new Uint8Array(reserved);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** What was given to `table`. */
  get tables(): readonly StateTable[] {
    return this.#tables;
  }

  /** Puts a table beside what is written here; snapshots take its rows as they have changed. */
  table(table: StateTable): void {
    this.#tables.push(table);
  }

  get length(): number {
    return this.#length;
  }

  /** Unsigned 32-bit integer. */
  u32(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.#length, value, true);
    this.#length += 4;
  }

  f64(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  boolean(value: boolean): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value ? 1 : 0;
  }

  /** UTF-8 with a length prefix. */
  string(value: string): void {
    const most = value.length * 3;
    this.#reserve(4 + most);
    if (value.length <= shortText && this.#ascii(value)) return;
    const { written } = encoder.encodeInto(value, this.#bytes.subarray(this.#length + 4, this.#length + 4 + most));
    this.#view.setUint32(this.#length, written, true);
    this.#length += 4 + written;
  }

  strings(values: readonly string[]): void {
    this.u32(values.length);
    for (const value of values) this.string(value);
  }

  /** Raw bytes with a length prefix. */
  bytes(value: Uint8Array): void {
    this.#reserve(4 + value.length);
    this.#view.setUint32(this.#length, value.length, true);
    this.#bytes.set(value, this.#length + 4);
    this.#length += 4 + value.length;
  }

  /** The first `length` entries. */
  f64Array(values: Float64Array, length = values.length): void {
    if (length <= fewEntries) {
      this.u32(length * 8);
      for (let i = 0; i < length; i++) this.f64(values[i]);
    } else this.bytes(new Uint8Array(values.buffer, values.byteOffset, length * 8));
  }

  /** The first `length` entries. */
  i32Array(values: Int32Array, length = values.length): void {
    this.bytes(new Uint8Array(values.buffer, values.byteOffset, length * 4));
  }

  /** The first `length` entries. */
  u8Array(values: Uint8Array, length = values.length): void {
    this.bytes(values.subarray(0, length));
  }

  /** The entries `rows[from…to)` of a column, as an array of them; entries that it has no room for yet are 0. */
  picked(column: StateColumn, rows: Int32Array, from: number, to: number): void {
    const width = column.BYTES_PER_ELEMENT;
    this.#reserve(4 + (to - from) * width);
    this.#view.setUint32(this.#length, (to - from) * width, true);
    const at = this.#length + 4;
    for (let i = from; i < to; i += pickedAtOnce) {
      const count = Math.min(pickedAtOnce, to - i);
      if (column instanceof Float64Array)
        for (let p = 0; p < count; p++) doubles[p] = rows[i + p] < column.length ? column[rows[i + p]] : 0;
      else if (column instanceof Int32Array) for (let p = 0; p < count; p++) ints[p] = column[rows[i + p]];
      else if (column.length === 0) bytes.fill(0, 0, count);
      else for (let p = 0; p < count; p++) bytes[p] = column[rows[i + p]];
      this.#bytes.set(bytes.subarray(0, count * width), at + (i - from) * width);
    }
    this.#length = at + (to - from) * width;
  }

  /** Any plain JSON value; for small things only. NaN and infinities do not survive. */
  json(value: unknown): void {
    this.string(JSON.stringify(value) ?? "null");
  }

  /** Starts over with nothing written, in the same memory. */
  reset(): void {
    this.#length = 0;
  }

  /** A view of all that was written, good until more is. */
  written(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Copies all that was written to `at` of `into`. */
  copyTo(into: Uint8Array, at: number): void {
    into.set(this.#bytes.subarray(0, this.#length), at);
  }

  /** All that was written, without the tables; to be written to no more. The buffer behind it may be a little longer. */
  finish(): Uint8Array<ArrayBuffer> {
    const spare = this.#bytes.length - this.#length;
    return spare * 64 <= this.#length ? this.#bytes.subarray(0, this.#length) : this.#bytes.slice(0, this.#length);
  }

  /** Writes a text of ASCII alone; false, and nothing written, for any other. */
  #ascii(value: string): boolean {
    const at = this.#length + 4;
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i);
      if (code > 0x7f) return false;
      this.#bytes[at + i] = code;
    }
    this.#view.setUint32(this.#length, value.length, true);
    this.#length = at + value.length;
    return true;
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}

const encoder = new TextEncoder();
