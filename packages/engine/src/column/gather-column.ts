import type { Column, Validity } from "./column.ts";

/** A column with the values of `column` at `rows[0…count)`, in arrays of its own; a row may be taken several times. */
export function gatherColumn(column: Column, rows: Int32Array, count: number): Column {
  const valid = gatherValidity(column.valid, rows, count);
  switch (column.kind) {
    case "number":
      return { kind: "number", values: gatherNumbers(column.values, rows, count), valid };
    case "boolean":
      return { kind: "boolean", values: gatherBytes(column.values, rows, count), valid };
    case "string": {
      const ids = new Int32Array(count);
      for (let i = 0; i < count; i++) ids[i] = column.ids[rows[i]];
      return { kind: "string", ids, dictionary: column.dictionary, valid };
    }
    case "object": {
      const values: unknown[] = [];
      for (let i = 0; i < count; i++) values.push(column.values[rows[i]]);
      return { kind: "object", values, valid };
    }
  }
}

export function gatherNumbers(values: Float64Array, rows: Int32Array, count: number): Float64Array {
  const gathered = new Float64Array(count);
  for (let i = 0; i < count; i++) gathered[i] = values[rows[i]];
  return gathered;
}

export function gatherBytes(values: Uint8Array, rows: Int32Array, count: number): Uint8Array {
  const gathered = new Uint8Array(count);
  for (let i = 0; i < count; i++) gathered[i] = values[rows[i]];
  return gathered;
}

function gatherValidity(valid: Validity, rows: Int32Array, count: number): Validity {
  return valid === null ? null : gatherBytes(valid, rows, count);
}
