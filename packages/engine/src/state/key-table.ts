import { type Batch, columnAt, maxBatchRows } from "../column/batch.ts";
import type { Column } from "../column/column.ts";
import type { ColumnBuilder } from "../column/column-builder.ts";
import type { FieldType } from "../types/field-type.ts";
import { PairTable } from "./pair-table.ts";
import type { SnapshotReader } from "./snapshot-reader.ts";
import type { SnapshotWriter } from "./snapshot-writer.ts";
import { createValueTable, type PlainValue, type ValueTable } from "./value-table.ts";

/** One field of a key. */
export interface KeyField {
  /** Index of its column in the input batches. */
  readonly index: number;
  readonly type: FieldType;
}

/**
 * Maps composite keys to dense ids. Equality is typed: 1 and '1' differ, NULL is a value of its own,
 * -0 equals 0 and NaN equals NaN. Each field has a table of its own values; composites are pairs of
 * (id of the fields so far, id of the next). Keys of no fields are one global key.
 *
 * An id stays with its key until `release`; afterwards it may come back for another key.
 */
export class KeyTable {
  readonly #fields: readonly KeyField[];
  readonly #columns: readonly number[];
  readonly #values: readonly ValueTable[];
  /** `#pairs[i]` joins fields 0…i with field i + 1. */
  readonly #pairs: readonly PairTable[];
  readonly #part = new Int32Array(maxBatchRows);
  #globalUsed = false;

  constructor(fields: readonly KeyField[]) {
    this.#fields = fields;
    this.#columns = fields.map((field) => field.index);
    this.#values = fields.map((field) => createValueTable(field.type));
    const pairs: PairTable[] = [];
    for (let i = 1; i < fields.length; i++) pairs.push(new PairTable(i === 1 ? this.#values[0] : pairs[i - 2], this.#values[i]));
    this.#pairs = pairs;
  }

  /** Keys of no fields: all records have the key 0. */
  get isGlobal(): boolean {
    return this.#fields.length === 0;
  }

  /** All ids are below this. */
  get capacity(): number {
    return this.#ids?.capacity ?? 1;
  }

  /** Keys known. */
  get size(): number {
    return this.#ids?.size ?? (this.#globalUsed ? 1 : 0);
  }

  /** Approximate bytes held. */
  get bytes(): number {
    return [...this.#values, ...this.#pairs].reduce((sum, table) => sum + table.bytes, 0);
  }

  get #ids(): PairTable | ValueTable | undefined {
    return this.#pairs.at(-1) ?? this.#values.at(0);
  }

  /**
   * The ids of the keys at `rows[0…count)`, into `into`; new keys are registered. `columns` are the indexes of the
   * key fields in batches of another stream, in order.
   */
  assign(batch: Batch, rows: Int32Array, count: number, into: Int32Array, columns: readonly number[] = this.#columns): void {
    if (this.#fields.length === 0) {
      into.fill(0, 0, count);
      this.#globalUsed ||= count > 0;
      return;
    }
    this.#values[0].ids(columnAt(batch, columns[0]), rows, count, into);
    for (let i = 1; i < this.#fields.length; i++) {
      this.#values[i].ids(columnAt(batch, columns[i]), rows, count, this.#part);
      this.#pairs[i - 1].ids(into, this.#part, count, into);
    }
  }

  /**
   * The ids of the keys at `rows[0…count)`, into `into`; -1 of those that are not registered. `columns` are those of the key
   * fields, in order.
   */
  find(columns: readonly Column[], rows: Int32Array, count: number, into: Int32Array): void {
    if (this.size === 0 || this.#fields.length === 0) {
      into.fill(this.size === 0 ? -1 : 0, 0, count);
      return;
    }
    this.#values[0].find(columns[0], rows, count, into);
    for (let i = 1; i < this.#fields.length; i++) {
      const [part, pairs] = [this.#part, this.#pairs[i - 1]];
      this.#values[i].find(columns[i], rows, count, part);
      for (let p = 0; p < count; p++) into[p] = into[p] < 0 || part[p] < 0 ? -1 : pairs.find(into[p], part[p]);
    }
  }

  /** Forgets a key to which no state refers any more. */
  release(id: number): void {
    if (this.#ids === undefined) this.#globalUsed = false;
    else this.#ids.forget(id);
  }

  /** Writes field `field` of the keys `ids[from…to)` into a result column, from row `row` on. */
  write(field: number, ids: Int32Array, from: number, to: number, into: ColumnBuilder, row: number): void {
    const values = this.#values[field];
    for (let i = from; i < to; i++) values.write(this.#partOf(ids[i], field), into, row + i - from);
  }

  /** Plain value of field `field` of a key: number, boolean, string or null. */
  value(id: number, field: number): PlainValue {
    return this.#values[field].value(this.#partOf(id, field));
  }

  /** A key as text, the same for equal keys alone. */
  text(id: number): string {
    const values = this.#fields.map((_, field) => this.value(id, field));
    return `k${JSON.stringify(values.map((value) => (typeof value === "number" && !Number.isFinite(value) ? [String(value)] : value)))}`;
  }

  /** The id of the key that `text` gave this text, registered when it is new. */
  idOf(text: string): number {
    if (this.#fields.length === 0) {
      this.#globalUsed = true;
      return 0;
    }
    const values = keyValues(text);
    let id = this.#values[0].idOf(values[0]);
    for (let i = 1; i < this.#fields.length; i++) id = this.#pairs[i - 1].id(id, this.#values[i].idOf(values[i]));
    return id;
  }

  /** `name`: of the tables that the keys go into. */
  snapshot(writer: SnapshotWriter, name = "keys"): void {
    writer.boolean(this.#globalUsed);
    for (const [i, table] of [...this.#values, ...this.#pairs].entries()) table.snapshot(writer, `${name}.${i}`);
  }

  restore(reader: SnapshotReader, name = "keys"): void {
    this.#globalUsed = reader.boolean();
    for (const [i, table] of [...this.#values, ...this.#pairs].entries()) table.restore(reader, `${name}.${i}`);
  }

  /** Id of the value that a key has in one of its fields. */
  #partOf(id: number, field: number): number {
    let left = id;
    for (let i = this.#pairs.length - 1; i >= 0; i--) {
      if (i + 1 === field) return this.#pairs[i].right(left);
      left = this.#pairs[i].left(left);
    }
    return left;
  }
}

/** The values of a key, in the order of its fields, from the text that `KeyTable.text` gave it. */
export function keyValues(text: string): readonly PlainValue[] {
  const values: unknown = JSON.parse(text.slice(1));
  if (!Array.isArray(values)) throw new TypeError(`${text} is the text of no key`);
  return values.map(plainValue);
}

function plainValue(value: unknown): PlainValue {
  // NaN and the infinities are in lists of their own.
  if (Array.isArray(value)) return Number(value[0]);
  return typeof value === "number" || typeof value === "boolean" || typeof value === "string" ? value : null;
}
