import { RestoredTable } from "./restored-table.ts";
import type { LogTable } from "./state-log.ts";
import type { RestoredRows } from "./state-table.ts";

/** Up to so many bytes of numbers are cheaper one by one than copied. */
const fewBytes = 64;

/** Reads what a `SnapshotWriter` wrote, in the same order. Reading past the end throws `SnapshotCorrupt`. */
export class SnapshotReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #tables: ReadonlyMap<string, LogTable>;
  /**
   * For each aggregate of the operator that reads, its place among those that were written; -1 for one that was not. Null:
   * they are the same.
   */
  readonly aggregates: readonly number[] | null;
  #at = 0;

  /** `tables`: what was written beside the bytes. */
  constructor(bytes: Uint8Array, tables: ReadonlyMap<string, LogTable> = new Map(), aggregates: readonly number[] | null = null) {
    this.#bytes = bytes;
    this.aggregates = aggregates;
    this.#tables = tables;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Bytes not read yet. */
  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  f64(): number {
    return this.#view.getFloat64(this.#take(8), true);
  }

  boolean(): boolean {
    return this.#bytes[this.#take(1)] === 1;
  }

  /** The boolean that is read next. */
  next(): boolean {
    const value = this.boolean();
    this.#at--;
    return value;
  }

  string(): string {
    const length = this.u32();
    const at = this.#take(length);
    return decoder.decode(this.#bytes.subarray(at, at + length));
  }

  strings(): string[] {
    const count = this.u32();
    const values: string[] = [];
    for (let i = 0; i < count; i++) values.push(this.string());
    return values;
  }

  /** A copy. */
  bytes(): Uint8Array<ArrayBuffer> {
    const length = this.u32();
    const at = this.#take(length);
    return this.#bytes.slice(at, at + length);
  }

  /** As `bytes`, without a copy: not to be written to, nor kept. */
  view(): Uint8Array {
    const length = this.u32();
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  f64Array(): Float64Array {
    const bytes = this.#view.getUint32(this.#at, true);
    if (bytes <= fewBytes && this.remaining >= 4 + bytes) {
      this.#at += 4;
      const values = new Float64Array(bytes / 8);
      for (let i = 0; i < values.length; i++) values[i] = this.f64();
      return values;
    }
    return new Float64Array(this.bytes().buffer);
  }

  i32Array(): Int32Array {
    return new Int32Array(this.bytes().buffer);
  }

  u8Array(): Uint8Array {
    return this.bytes();
  }

  json(): unknown {
    return JSON.parse(this.string());
  }

  /** A column table. Throws when the snapshot has none of that name. */
  table(name: string): RestoredTable {
    const table = this.#tables.get(name);
    if (table === undefined) throw new Error(`the snapshot has no table ${name}`);
    return new RestoredTable(name, table.rows, table.columns, table.texts.slice(0, table.rows));
  }

  /** Whether there is a table of a name. */
  hasTable(name: string): boolean {
    return this.#tables.has(name);
  }

  /** What is said of the rows of an opaque table, in the order to be read. */
  opaque(name: string): readonly RestoredRows[] {
    return this.#tables.get(name)?.patches ?? [];
  }

  #take(bytes: number): number {
    const at = this.#at;
    if (at + bytes > this.#bytes.length) throw new SnapshotCorrupt(at, bytes, this.#bytes.length);
    this.#at = at + bytes;
    return at;
  }
}

/** A snapshot ended before its reader did. */
export class SnapshotCorrupt extends Error {
  constructor(at: number, wanted: number, length: number) {
    super(`The snapshot is cut short: ${wanted} bytes wanted at ${at}, but it is ${length} bytes long.`);
    this.name = "SnapshotCorrupt";
  }
}

// A mark of byte order at the beginning is a character like any other.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
