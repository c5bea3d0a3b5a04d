import {
  bigintType,
  booleanType,
  doubleType,
  type Field,
  type FieldType,
  type JsonObject,
  type JsonValue,
  jsonType,
  stringType,
} from "@millrace/engine";

/** Fields of example records: their members but `_time`, typed by the values that they have. A member that is always NULL is text. */
export function inferFields(records: readonly JsonObject[]): readonly Field[] {
  const names = new Set(records.flatMap((record) => Object.keys(record)).filter((name) => name !== "_time"));
  return [...names].map((name) => ({ name, type: inferType(records.map((record) => record[name] ?? null)) }));
}

function inferType(values: readonly JsonValue[]): FieldType {
  const known = values.filter((value) => value !== null);
  if (known.every((value) => typeof value === "string")) return stringType;
  if (known.every((value) => typeof value === "boolean")) return booleanType;
  if (known.every((value) => typeof value === "number")) return known.every((value) => Number.isInteger(value)) ? bigintType : doubleType;
  return jsonType;
}
