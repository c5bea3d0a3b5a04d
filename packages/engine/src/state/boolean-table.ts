import type { Column } from "../column/column.ts";
import type { ColumnBuilder } from "../column/column-builder.ts";
import type { SnapshotReader } from "./snapshot-reader.ts";
import type { SnapshotWriter } from "./snapshot-writer.ts";
import type { PlainValue, ValueTable } from "./value-table.ts";

const nullId = 2;

/** Ids of booleans: FALSE 0, TRUE 1, NULL 2. */
export class BooleanTable implements ValueTable {
  readonly capacity = 3;
  readonly bytes = 16;
  /** By id: whether it is registered. */
  readonly #used = new Uint8Array(3);
  readonly #references = new Int32Array(3);

  get size(): number {
    return this.#used[0] + this.#used[1] + this.#used[2];
  }

  ids(column: Column, rows: Int32Array, count: number, into: Int32Array): void {
    if (column.kind !== "boolean") throw new TypeError(`a boolean column is needed, not ${column.kind}`);
    const { values, valid } = column;
    for (let p = 0; p < count; p++) {
      const row = rows[p];
      const id = valid !== null && valid[row] === 0 ? nullId : values[row];
      this.#used[id] = 1;
      into[p] = id;
    }
  }

  find(column: Column, rows: Int32Array, count: number, into: Int32Array): void {
    if (column.kind !== "boolean") throw new TypeError(`a boolean column is needed, not ${column.kind}`);
    const { values, valid } = column;
    for (let p = 0; p < count; p++) {
      const id = valid !== null && valid[rows[p]] === 0 ? nullId : values[rows[p]];
      into[p] = this.#used[id] === 1 ? id : -1;
    }
  }

  idOf(value: PlainValue): number {
    const id = value === null ? nullId : value === true ? 1 : 0;
    this.#used[id] = 1;
    return id;
  }

  retain(id: number): void {
    this.#references[id]++;
  }

  drop(id: number): void {
    if (--this.#references[id] === 0) this.forget(id);
  }

  forget(id: number): void {
    this.#used[id] = 0;
  }

  value(id: number): boolean | null {
    return id === nullId ? null : id === 1;
  }

  write(id: number, into: ColumnBuilder, row: number): void {
    into.set(row, this.value(id));
  }

  snapshot(writer: SnapshotWriter): void {
    writer.u8Array(this.#used);
    writer.i32Array(this.#references);
  }

  restore(reader: SnapshotReader): void {
    this.#used.set(reader.u8Array());
    this.#references.set(reader.i32Array());
  }
}
