import { type Batch, type Field, valueAt } from "@millrace/engine";
import type { Row } from "./subject.ts";

/** The rows of a batch with these fields, as the JSON tier writes them. */
export function rowsOf(batch: Batch, fields: readonly Field[]): Row[] {
  const { selection, selected } = batch;
  return Array.from({ length: selected }, (_, at) => {
    const row = selection === null ? at : selection[at];
    return Object.fromEntries(fields.map(({ name }, i) => [name, cell(batch, i, row)]));
  });
}

function cell(batch: Batch, field: number, row: number): unknown {
  const column = batch.columns[field];
  return column === null || column === undefined ? null : valueAt(column, row);
}
