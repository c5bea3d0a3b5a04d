import type { StateColumn } from "./state-table.ts";

/** A column table as a snapshot has it. Its columns have `rows` entries and belong to the caller. */
export class RestoredTable {
  readonly #name: string;
  readonly rows: number;
  readonly #columns: readonly StateColumn[];
  /** By row; empty when the table has none. */
  readonly texts: (string | null)[];

  constructor(name: string, rows: number, columns: readonly StateColumn[], texts: (string | null)[]) {
    this.#name = name;
    this.rows = rows;
    this.#columns = columns;
    this.texts = texts;
  }

  /** Columns; 0 also where no row was written. */
  get width(): number {
    return this.#columns.length;
  }

  /** A column of doubles; throws when it is another kind. */
  f64(index: number): Float64Array {
    const column = this.#columns[index];
    if (column instanceof Float64Array)
      return column.length >= this.rows ? column.subarray(0, this.rows) : filled(new Float64Array(this.rows), column);
    return this.#absent(index, column, new Float64Array(this.rows));
  }

  /** As `f64`; null for a column of bytes, as which one of zeros alone is written. */
  f64OrZero(index: number): Float64Array | null {
    return this.#columns[index] instanceof Uint8Array ? null : this.f64(index);
  }

  /** As `f64`, of 32-bit integers. */
  i32(index: number): Int32Array {
    const column = this.#columns[index];
    if (column instanceof Int32Array)
      return column.length >= this.rows ? column.subarray(0, this.rows) : filled(new Int32Array(this.rows), column);
    return this.#absent(index, column, new Int32Array(this.rows));
  }

  /** As `f64`, of whole numbers that may have either width. */
  whole(index: number): Int32Array | Float64Array {
    return this.#columns[index] instanceof Float64Array ? this.f64(index) : this.i32(index);
  }

  /** As `f64`, of bytes. */
  u8(index: number): Uint8Array {
    const column = this.#columns[index];
    if (column instanceof Uint8Array)
      return column.length >= this.rows ? column.subarray(0, this.rows) : filled(new Uint8Array(this.rows), column);
    return this.#absent(index, column, new Uint8Array(this.rows));
  }

  /** Where no row was written there are no columns either, and all is 0. */
  #absent<T extends StateColumn>(index: number, column: StateColumn | undefined, empty: T): T {
    if (column === undefined && this.#columns.length === 0) return empty;
    throw new Error(
      `column ${index} of the table ${this.#name} in the snapshot is ${column === undefined ? "missing" : "of another kind"}`,
    );
  }
}

function filled<T extends StateColumn>(longer: T, column: StateColumn): T {
  longer.set(column);
  return longer;
}
