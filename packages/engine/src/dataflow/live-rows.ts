import { type Batch, withSelection } from "../column/batch.ts";

/** How many rows of a batch are selected. */
export function liveRows(batch: Batch): number {
  return batch.selected;
}

/** Where the selected row `at` stands in the columns. */
export function physicalRow(batch: Batch, at: number): number {
  return batch.selection === null ? at : batch.selection[at];
}

/** The batch without its first `rows` live rows. */
export function dropRows(batch: Batch, rows: number): Batch {
  const left = batch.selected - rows;
  const selection = new Int32Array(left);
  for (let i = 0; i < left; i++) selection[i] = physicalRow(batch, rows + i);
  return withSelection(batch, selection, left);
}
