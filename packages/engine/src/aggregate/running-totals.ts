import type { ColumnBuilder } from "../column/column-builder.ts";

/** Rows of numbers in one memory: the row that begins at `ints[at]` begins at `doubles[at / 2]`. */
export interface TotalRows {
  readonly ints: Int32Array;
  readonly doubles: Float64Array;
}

/** Where a total lies in its row: so many doubles, and so many integers, behind the beginning. */
export interface TotalPlace {
  readonly double: number;
  readonly int: number;
}

/** One aggregate that can be subtracted, as totals that lie in rows beside others instead of in slots. */
export interface RunningTotal {
  /** Doubles and 32-bit integers of a total. */
  readonly doubles: number;
  readonly ints: number;
  /** Whether totals of what slots hold now are exact; slots of one record each are meant. Once false it stays so. */
  readonly isExact: boolean;
  /** Adds what `slots[p]` holds to the total in the row at `at[p]`; `sign` -1 takes it out again. */
  merge(rows: TotalRows, at: Int32Array, place: TotalPlace, slots: Int32Array, count: number, sign: 1 | -1): void;
  /** Writes the results of the rows at `at[0…count)` into a result column, from row `row` on. */
  write(rows: TotalRows, at: Int32Array, place: TotalPlace, count: number, into: ColumnBuilder, row: number): void;
  /** Puts the total in the row at `at` into an empty slot. */
  keep(rows: TotalRows, at: number, place: TotalPlace, slot: number): void;
}

/**
 * The totals of several aggregates side by side in the rows of their owner: what is known of a key is then in one line of the cache,
 * where slots are a line for each array.
 */
export class RunningTotals {
  /** 32-bit integers that the totals take in a row. */
  readonly width: number;
  readonly #totals: readonly RunningTotal[];
  readonly #places: readonly TotalPlace[];

  /** `firstInt`: where the totals begin in a row; even. */
  constructor(totals: readonly RunningTotal[], firstInt: number) {
    this.#totals = totals;
    const places: TotalPlace[] = [];
    let double = firstInt / 2;
    let int = firstInt + totals.reduce((sum, { doubles }) => sum + doubles * 2, 0);
    for (const { doubles, ints } of totals) {
      places.push({ double, int });
      double += doubles;
      int += ints;
    }
    this.#places = places;
    this.width = int - firstInt;
  }

  /** See `RunningTotal`. */
  get isExact(): boolean {
    return this.#totals.every(({ isExact }) => isExact);
  }

  merge(rows: TotalRows, at: Int32Array, slots: Int32Array, count: number, sign: 1 | -1): void {
    for (let i = 0; i < this.#totals.length; i++) this.#totals[i].merge(rows, at, this.#places[i], slots, count, sign);
  }

  /** `into`: a column for each aggregate; null: not wanted. */
  write(rows: TotalRows, at: Int32Array, count: number, into: readonly (ColumnBuilder | null)[], row: number): void {
    for (let i = 0; i < this.#totals.length; i++) {
      const column = into[i];
      if (column !== null) this.#totals[i].write(rows, at, this.#places[i], count, column, row);
    }
  }

  keep(rows: TotalRows, at: number, slot: number): void {
    for (let i = 0; i < this.#totals.length; i++) this.#totals[i].keep(rows, at, this.#places[i], slot);
  }
}
