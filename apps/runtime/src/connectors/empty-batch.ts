import { type Batch, type Column, columnKind, Dictionary, type Field } from "@millrace/engine";

/** A batch of `fields` without rows; for chunks that bring dead letters alone. */
export function emptyBatch(fields: readonly Field[]): Batch {
  return { length: 0, selection: null, selected: 0, columns: fields.map(emptyColumn), time: new Float64Array(0), kinds: null };
}

function emptyColumn(field: Field): Column {
  const kind = columnKind(field.type);
  switch (kind) {
    case "number":
      return { kind, values: new Float64Array(0), valid: null };
    case "boolean":
      return { kind, values: new Uint8Array(0), valid: null };
    case "string":
      return { kind, ids: new Int32Array(0), dictionary: new Dictionary(), valid: null };
    case "object":
      return { kind, values: [], valid: null };
  }
}
