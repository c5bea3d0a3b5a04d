/**
 * The type of a field, named as Flink SQL names it.
 *
 * - `bigint`: whole numbers, exact to ±2^53.
 * - `double`: IEEE 754 double precision.
 * - `timestamp`: milliseconds since the epoch (TIMESTAMP_LTZ(3)).
 * - `interval`: a length of time in milliseconds.
 * - `json`: a value whose shape is not declared.
 * - `null`: the type of a bare NULL literal; it fits every other type.
 */
export type FieldType =
  | { readonly kind: "boolean" }
  | { readonly kind: "bigint" }
  | { readonly kind: "double" }
  | { readonly kind: "string" }
  | { readonly kind: "timestamp" }
  | { readonly kind: "interval" }
  | { readonly kind: "json" }
  | { readonly kind: "null" }
  | { readonly kind: "array"; readonly of: FieldType }
  | { readonly kind: "row"; readonly fields: readonly Field[] };

export interface Field {
  readonly name: string;
  readonly type: FieldType;
}

export const booleanType: FieldType = { kind: "boolean" };
export const bigintType: FieldType = { kind: "bigint" };
export const doubleType: FieldType = { kind: "double" };
export const stringType: FieldType = { kind: "string" };
export const timestampType: FieldType = { kind: "timestamp" };
export const intervalType: FieldType = { kind: "interval" };
export const jsonType: FieldType = { kind: "json" };
export const nullType: FieldType = { kind: "null" };

/** True for the types that are numbers to arithmetic. */
export function isNumeric(type: FieldType): boolean {
  return type.kind === "bigint" || type.kind === "double";
}

/** Structural equality of two types. */
export function sameType(a: FieldType, b: FieldType): boolean {
  if (a.kind === "array" && b.kind === "array") return sameType(a.of, b.of);
  if (a.kind === "row" && b.kind === "row") return sameFields(a.fields, b.fields);
  return a.kind === b.kind && a.kind !== "array" && a.kind !== "row";
}

/** Structural equality of two lists of fields, order included. */
export function sameFields(a: readonly Field[], b: readonly Field[]): boolean {
  return a.length === b.length && a.every((field, i) => field.name === b[i].name && sameType(field.type, b[i].type));
}

/** The type as an analyst reads it: `number`-like types by their SQL names, `array<string>`, `row<a bigint, …>`. */
export function showType(type: FieldType): string {
  if (type.kind === "array") return `array<${showType(type.of)}>`;
  if (type.kind === "row") return `row<${type.fields.map((f) => `${f.name} ${showType(f.type)}`).join(", ")}>`;
  return type.kind;
}
