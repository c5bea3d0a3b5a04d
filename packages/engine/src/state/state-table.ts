import type { DirtyRows } from "./dirty-rows.ts";
import type { IdPool } from "./id-pool.ts";
import type { SnapshotWriter } from "./snapshot-writer.ts";

/** A column of state by row; an empty one of bytes is one of zeros. */
export type StateColumn = Float64Array | Int32Array | Uint8Array;

/**
 * State by row, of which a snapshot holds what has changed since the last: everything that changes a row marks it. Arrays
 * are given as they are now; one that is replaced when it grows may be read later still, as rows that are written
 * afterwards are marked.
 */
export interface ColumnTable {
  readonly kind: "columns";
  /** Unique in its operator. */
  readonly name: string;
  /** All rows are below this. */
  readonly rows: number;
  /** Which of the rows are in use; left out: all. What is restored of others is 0. */
  readonly pool?: IdPool;
  readonly dirty: DirtyRows;
  readonly columns: readonly StateColumn[];
  /** A text by row beside the columns. */
  readonly texts?: readonly (string | null)[];
}

/** As `ColumnTable`, for rows that are no plain columns. */
export interface OpaqueTable {
  readonly kind: "opaque";
  readonly name: string;
  readonly rows: number;
  readonly pool?: IdPool;
  readonly dirty: DirtyRows;
  /** Writes what `rows[0…count)` hold now. */
  write(writer: SnapshotWriter, rows: Int32Array, count: number): void;
}

export type StateTable = ColumnTable | OpaqueTable;

/** What a snapshot has of rows of an opaque table; later ones replace what earlier ones say of the same rows. */
export interface RestoredRows {
  readonly rows: Int32Array;
  readonly bytes: Uint8Array;
}

/** Rows in use. */
export function liveRows({ pool, rows }: StateTable): number {
  return pool === undefined ? rows : pool.size;
}

/** Roughly how many bytes a row of a table takes in a snapshot. */
export function rowBytes(table: StateTable): number {
  if (table.kind === "opaque") return 48;
  return table.columns.reduce((sum, column) => sum + column.BYTES_PER_ELEMENT, 4) + (table.texts === undefined ? 0 : 24);
}

/** The rows to write of a table that is written whole: null for all, which is cheaper while most of them are in use. */
export function chosenRows(pool: IdPool | undefined, rows: number): Int32Array | null {
  return pool === undefined || pool.size * 2 > rows ? null : pool.used();
}
