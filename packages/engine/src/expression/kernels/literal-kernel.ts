import { type Batch, maxBatchRows } from "../../column/batch.ts";
import type { Column } from "../../column/column.ts";
import { columnKind } from "../../column/column.ts";
import { Dictionary } from "../../column/dictionary.ts";
import type { FieldType } from "../../types/field-type.ts";
import type { Kernel } from "../kernel.ts";

/** A column that holds one value in every row; it is filled once for the longest batch seen. */
export function literalKernel(type: FieldType, value: unknown): Kernel {
  let column: Column | null = null;
  let length = 0;
  return (batch: Batch): Column => {
    if (column !== null && batch.length <= length) return column;
    length = Math.max(batch.length, maxBatchRows);
    column = constantColumn(type, value, length);
    return column;
  };
}

function constantColumn(type: FieldType, value: unknown, length: number): Column {
  const valid = value === null ? new Uint8Array(length) : null;
  switch (columnKind(type)) {
    case "number":
      return { kind: "number", values: new Float64Array(length).fill(typeof value === "number" ? value : 0), valid };
    case "boolean":
      return { kind: "boolean", values: new Uint8Array(length).fill(value === true ? 1 : 0), valid };
    case "string": {
      const dictionary = new Dictionary();
      dictionary.intern(typeof value === "string" ? value : "");
      return { kind: "string", ids: new Int32Array(length), dictionary, valid };
    }
    case "object":
      return { kind: "object", values: Array.from({ length }, () => value), valid };
  }
}
