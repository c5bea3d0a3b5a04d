import type { FieldType } from "../types/field-type.ts";
import type { Dictionary } from "./dictionary.ts";

/** `valid[i] === 0` means that row `i` is NULL, and its value is unspecified; `null` means no NULLs. */
export type Validity = Uint8Array | null;

/** bigint, double, timestamp, interval. */
export interface NumberColumn {
  readonly kind: "number";
  readonly values: Float64Array;
  readonly valid: Validity;
}

/** boolean: 0 or 1. */
export interface BooleanColumn {
  readonly kind: "boolean";
  readonly values: Uint8Array;
  readonly valid: Validity;
}

/** string: ids in a dictionary. Ids at NULL rows are unspecified and must not be looked up. */
export interface StringColumn {
  readonly kind: "string";
  readonly ids: Int32Array;
  readonly dictionary: Dictionary;
  readonly valid: Validity;
}

/** json, array, row: plain values; NULL is `null` in `values` as well as in `valid`. */
export interface ObjectColumn {
  readonly kind: "object";
  readonly values: readonly unknown[];
  readonly valid: Validity;
}

/** Arrays may be longer than the batch; only the first `batch.length` entries count. */
export type Column = NumberColumn | BooleanColumn | StringColumn | ObjectColumn;

/** Which kind of column carries a type. */
export function columnKind(type: FieldType): Column["kind"] {
  switch (type.kind) {
    case "bigint":
    case "double":
    case "timestamp":
    case "interval":
      return "number";
    case "boolean":
      return "boolean";
    case "string":
      return "string";
    case "json":
    case "array":
    case "row":
    case "null":
      return "object";
  }
}

/** The value of row `i` as plain JavaScript: number, boolean, string, object or null. For edges of the engine only. */
export function valueAt(column: Column, i: number): unknown {
  if (column.valid !== null && column.valid[i] === 0) return null;
  switch (column.kind) {
    case "number":
      return column.values[i];
    case "boolean":
      return column.values[i] === 1;
    case "string":
      return column.dictionary.text(column.ids[i]);
    case "object":
      return column.values[i];
  }
}
