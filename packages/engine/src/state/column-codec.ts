import type { Column, Validity } from "../column/column.ts";
import { Dictionary } from "../column/dictionary.ts";
import type { SnapshotReader } from "./snapshot-reader.ts";
import { readText, writeText } from "./snapshot-text.ts";
import type { SnapshotWriter } from "./snapshot-writer.ts";

const kinds = ["number", "boolean", "string", "object"] as const;

/** Writes the first `length` values of a column; of a dictionary, those that they use. */
export function writeColumn(writer: SnapshotWriter, column: Column, length: number): void {
  writer.u32(kinds.indexOf(column.kind));
  writer.u32(length);
  writer.boolean(column.valid !== null);
  if (column.valid !== null) writer.u8Array(column.valid, length);
  if (column.kind === "number") writer.f64Array(column.values, length);
  else if (column.kind === "boolean") writer.u8Array(column.values, length);
  else if (column.kind === "object") writer.json(column.values.slice(0, length));
  else writeStrings(writer, column.ids, column.dictionary, column.valid, length);
}

/** Reads what `writeColumn` wrote. */
export function readColumn(reader: SnapshotReader): { readonly column: Column; readonly length: number } {
  const kind = kinds[reader.u32()];
  const length = reader.u32();
  const valid = reader.boolean() ? reader.u8Array() : null;
  switch (kind) {
    case "number":
      return { column: { kind, values: reader.f64Array(), valid }, length };
    case "boolean":
      return { column: { kind, values: reader.u8Array(), valid }, length };
    case "string":
      return { column: { kind, ids: reader.i32Array(), dictionary: readDictionary(reader), valid }, length };
    case "object":
      return { column: { kind, values: arrayOf(reader.json()), valid }, length };
  }
}

function writeStrings(writer: SnapshotWriter, ids: Int32Array, dictionary: Dictionary, valid: Validity, length: number): void {
  const used = new Map<number, number>();
  const written = new Int32Array(length);
  for (let i = 0; i < length; i++) {
    if (valid !== null && valid[i] === 0) continue;
    const known = used.get(ids[i]) ?? used.size;
    used.set(ids[i], known);
    written[i] = known;
  }
  writer.i32Array(written);
  writer.u32(used.size);
  for (const id of used.keys()) writeText(writer, dictionary.text(id));
}

function readDictionary(reader: SnapshotReader): Dictionary {
  const dictionary = new Dictionary();
  const size = reader.u32();
  for (let id = 0; id < size; id++) dictionary.append(readText(reader));
  return dictionary;
}

function arrayOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError("a column of objects is an array");
  return value;
}
