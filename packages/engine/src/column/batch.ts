import type { Column } from "./column.ts";

/** The most records a batch may hold. */
export const maxBatchRows = 1024;

/** What a row does to the table that a changelog describes. */
export const RowKind = { insert: 0, updateBefore: 1, updateAfter: 2, delete: 3 } as const;

/** Whether a row of this kind takes a row of the table away: it is deleted, or about to be replaced. */
export function takesBack(kind: number): boolean {
  return kind === RowKind.updateBefore || kind === RowKind.delete;
}

/**
 * Up to `maxBatchRows` records of one stream type, by column.
 *
 * A batch and all its arrays belong to the caller for the length of one call: an operator that keeps
 * anything must copy it, and must not write into a batch that it was given. Derived batches may share
 * columns with their input.
 */
export interface Batch {
  /** Physical rows. */
  readonly length: number;
  /** Ascending indexes of the live rows, or null when all rows live. It may be longer than `selected`. */
  readonly selection: Int32Array | null;
  /** Live rows. */
  readonly selected: number;
  /** One per field of the stream type, in its order. A field that nothing downstream reads may be absent (null). */
  readonly columns: readonly (Column | null)[];
  /** Event (or processing) time of each physical row, ms since the epoch; NaN where a record has none. */
  readonly time: Float64Array;
  /** `RowKind` of each physical row; null when all are inserts. */
  readonly kinds: Uint8Array | null;
}

/** The column at `index`; fails loudly when push-down wrongly removed a column that is read. */
export function columnAt(batch: Batch, index: number): Column {
  const column = batch.columns[index];
  if (column === null || column === undefined) throw new Error(`column ${index} was pruned but is read`);
  return column;
}

/** The same batch with other live rows. */
export function withSelection(batch: Batch, selection: Int32Array, selected: number): Batch {
  return { length: batch.length, selection, selected, columns: batch.columns, time: batch.time, kinds: batch.kinds };
}
