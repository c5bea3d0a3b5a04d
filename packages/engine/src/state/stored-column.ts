import { type Column, columnKind } from "../column/column.ts";
import { BooleanColumnBuilder, type ColumnBuilder, NumberColumnBuilder } from "../column/column-builder.ts";
import { objectText } from "../column/object-text.ts";
import type { FieldType } from "../types/field-type.ts";
import { readColumn, writeColumn } from "./column-codec.ts";
import { grownFloat64, grownUint8, highest } from "./grown-array.ts";
import type { SnapshotReader } from "./snapshot-reader.ts";
import type { SnapshotWriter } from "./snapshot-writer.ts";
import { StoredStrings } from "./stored-strings.ts";

/** One field of rows that are kept in state, by slot. */
export interface StoredColumn {
  /** Approximate bytes held. */
  readonly bytes: number;
  /** Copies the values of `column` at `rows[0…count)` into `slots[0…count)`. */
  set(column: Column, rows: Int32Array, count: number, slots: Int32Array): void;
  /** Whether two slots hold the same value: NULL equals NULL, NaN equals NaN, objects are compared by what they hold. */
  same(a: number, b: number): boolean;
  /** Gives up the values of `slots[0…count)`. */
  clear(slots: Int32Array, count: number): void;
  /** Writes the values of `slots[0…count)` into rows `0…count` of a result column; slot -1 is NULL. */
  write(slots: Int32Array, count: number, into: ColumnBuilder): void;
  /** The values of `slots[0…count)`, as a column that may share what the rows hold. */
  column(slots: Int32Array, count: number): Column;
  /** The values of `slots[0…count)` as a column of their own. */
  gather(slots: Int32Array, count: number): Column;
}

/** An empty column for values of `type`. */
export function createStoredColumn(type: FieldType): StoredColumn {
  switch (columnKind(type)) {
    case "number":
      return new StoredNumbers();
    case "boolean":
      return new StoredBooleans();
    case "string":
      return new StoredStrings();
    case "object":
      return new StoredObjects();
  }
}

/** Writes the values of `slots[0…count)`. */
export function writeStored(writer: SnapshotWriter, column: StoredColumn, slots: Int32Array, count: number): void {
  writeColumn(writer, column.gather(slots, count), count);
}

/** Reads what `writeStored` wrote into `slots`, of which there are as many as were written. */
export function readStored(reader: SnapshotReader, column: StoredColumn, slots: Int32Array): void {
  const { column: values, length } = readColumn(reader);
  column.set(
    values,
    Int32Array.from({ length }, (_, i) => i),
    length,
    slots,
  );
}

class StoredNumbers implements StoredColumn {
  #values: Float64Array = new Float64Array(16);
  #valid: Uint8Array = new Uint8Array(16);

  get bytes(): number {
    return this.#values.byteLength + this.#valid.byteLength;
  }

  set(column: Column, rows: Int32Array, count: number, slots: Int32Array): void {
    if (column.kind !== "number") throw new TypeError(`a number column is needed, not ${column.kind}`);
    const needed = highest(slots, count) + 1;
    this.#values = grownFloat64(this.#values, needed);
    this.#valid = grownUint8(this.#valid, needed);
    const { values, valid } = column;
    const [own, ownValid] = [this.#values, this.#valid];
    for (let i = 0; i < count; i++) own[slots[i]] = values[rows[i]];
    if (valid === null) for (let i = 0; i < count; i++) ownValid[slots[i]] = 1;
    else for (let i = 0; i < count; i++) ownValid[slots[i]] = valid[rows[i]];
  }

  same(a: number, b: number): boolean {
    if (this.#valid[a] !== this.#valid[b]) return false;
    const [one, other] = [this.#values[a], this.#values[b]];
    return this.#valid[a] === 0 || one === other || (Number.isNaN(one) && Number.isNaN(other));
  }

  clear(): void {}

  write(slots: Int32Array, count: number, into: ColumnBuilder): void {
    if (!(into instanceof NumberColumnBuilder)) throw new TypeError("a column of numbers is needed");
    into.pick(this.#values, this.#valid, slots, count);
  }

  column(slots: Int32Array, count: number): Column {
    return this.gather(slots, count);
  }

  gather(slots: Int32Array, count: number): Column {
    const [own, ownValid] = [this.#values, this.#valid];
    const values = new Float64Array(count);
    const valid = new Uint8Array(count);
    for (let i = 0; i < count; i++) {
      values[i] = own[slots[i]];
      valid[i] = ownValid[slots[i]];
    }
    return { kind: "number", values, valid };
  }
}

/** As `BooleanColumnBuilder.pick` takes it. */
const nullByte = 2;

class StoredBooleans implements StoredColumn {
  /** 0, 1, or 2 for NULL. */
  #values: Uint8Array = new Uint8Array(16);

  get bytes(): number {
    return this.#values.byteLength;
  }

  set(column: Column, rows: Int32Array, count: number, slots: Int32Array): void {
    if (column.kind !== "boolean") throw new TypeError(`a boolean column is needed, not ${column.kind}`);
    this.#values = grownUint8(this.#values, highest(slots, count) + 1);
    const { values, valid } = column;
    for (let i = 0; i < count; i++) {
      this.#values[slots[i]] = valid !== null && valid[rows[i]] === 0 ? nullByte : values[rows[i]];
    }
  }

  same(a: number, b: number): boolean {
    return this.#values[a] === this.#values[b];
  }

  clear(): void {}

  write(slots: Int32Array, count: number, into: ColumnBuilder): void {
    if (!(into instanceof BooleanColumnBuilder)) throw new TypeError("a column of booleans is needed");
    into.pick(this.#values, slots, count);
  }

  column(slots: Int32Array, count: number): Column {
    return this.gather(slots, count);
  }

  gather(slots: Int32Array, count: number): Column {
    const values = new Uint8Array(count);
    const valid = new Uint8Array(count);
    for (let i = 0; i < count; i++) {
      const value = this.#values[slots[i]];
      valid[i] = value === nullByte ? 0 : 1;
      values[i] = value === 1 ? 1 : 0;
    }
    return { kind: "boolean", values, valid };
  }
}

class StoredObjects implements StoredColumn {
  readonly #values: unknown[] = [];

  get bytes(): number {
    return this.#values.length * 64;
  }

  set(column: Column, rows: Int32Array, count: number, slots: Int32Array): void {
    if (column.kind !== "object") throw new TypeError(`an object column is needed, not ${column.kind}`);
    const { values, valid } = column;
    while (this.#values.length <= highest(slots, count)) this.#values.push(null);
    for (let i = 0; i < count; i++) {
      this.#values[slots[i]] = valid !== null && valid[rows[i]] === 0 ? null : values[rows[i]];
    }
  }

  same(a: number, b: number): boolean {
    return this.#values[a] === this.#values[b] || objectText(this.#values[a]) === objectText(this.#values[b]);
  }

  clear(slots: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) this.#values[slots[i]] = null;
  }

  write(slots: Int32Array, count: number, into: ColumnBuilder): void {
    for (let i = 0; i < count; i++) into.set(i, slots[i] < 0 ? null : this.#values[slots[i]]);
  }

  column(slots: Int32Array, count: number): Column {
    return this.gather(slots, count);
  }

  gather(slots: Int32Array, count: number): Column {
    const values: unknown[] = [];
    const valid = new Uint8Array(count);
    for (let i = 0; i < count; i++) {
      const value = this.#values[slots[i]] ?? null;
      values.push(value);
      valid[i] = value === null ? 0 : 1;
    }
    return { kind: "object", values, valid };
  }
}
