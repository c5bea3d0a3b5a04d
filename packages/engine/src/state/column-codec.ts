import type { Column, Validity } from "../column/column.ts";
import { Dictionary } from "../column/dictionary.ts";
import { Utf8Strings } from "../column/utf8-strings.ts";
import type { SnapshotReader } from "./snapshot-reader.ts";
import { appendUtf8, readText, writeText, writeUtf8 } from "./snapshot-text.ts";
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
      return { column: { kind, ids: reader.i32Array(), dictionary: readDictionary(reader, stringsOf(valid, length)), valid }, length };
    case "object":
      return { column: { kind, values: arrayOf(reader.json()), valid }, length };
  }
}

function writeStrings(writer: SnapshotWriter, ids: Int32Array, dictionary: Dictionary, valid: Validity, length: number): void {
  if (dictionary.utf8 !== null && !dictionary.distinct) writeEach(writer, ids, dictionary.utf8, valid, length);
  else writeDistinct(writer, ids, dictionary, valid, length);
}

/** The string of each row that has one. */
function writeEach(writer: SnapshotWriter, ids: Int32Array, strings: Utf8Strings, valid: Validity, length: number): void {
  const written = new Int32Array(length);
  let count = 0;
  for (let i = 0; i < length; i++) if (valid === null || valid[i] !== 0) written[i] = count++;
  writer.i32Array(written);
  writer.u32(count);
  for (let i = 0; i < length; i++) {
    if (valid !== null && valid[i] === 0) continue;
    const start = strings.starts[ids[i]];
    writeUtf8(writer, strings.bytes, start, start + strings.lengths[ids[i]]);
  }
}

/** The strings that rows use, once each. */
function writeDistinct(writer: SnapshotWriter, ids: Int32Array, dictionary: Dictionary, valid: Validity, length: number): void {
  const used = new Map<number, number>();
  const written = new Int32Array(length);
  // Ids that are in the order in which they are met, as in a dictionary of these rows alone, are written as they are.
  let met = 0;
  for (let i = 0; i < length; i++) {
    if (valid !== null && valid[i] === 0) continue;
    const id = ids[i];
    if (used.size === 0 && id <= met) {
      if (id === met) met++;
      written[i] = id;
      continue;
    }
    if (used.size === 0) for (let before = 0; before < met; before++) used.set(before, before);
    const known = used.get(id) ?? used.size;
    used.set(id, known);
    written[i] = known;
  }
  writer.i32Array(written);
  writer.u32(Math.max(met, used.size));
  if (used.size === 0) for (let id = 0; id < met; id++) writeText(writer, dictionary.text(id));
  else for (const id of used.keys()) writeText(writer, dictionary.text(id));
}

/** `strings`: of rows that have one. Where there are as many here, they may not be distinct. */
function readDictionary(reader: SnapshotReader, strings: number): Dictionary {
  const size = reader.u32();
  const texts = new Dictionary();
  if (size < strings) {
    for (let id = 0; id < size; id++) texts.append(readText(reader));
    return texts;
  }
  const utf8 = new Utf8Strings(false, Math.max(1, size));
  let isUtf8 = true;
  for (let id = 0; id < size; id++) {
    isUtf8 &&= appendUtf8(reader, utf8);
    if (isUtf8) continue;
    // Texts that no bytes stand for were distinct when they were written.
    for (let before = texts.size; before < id; before++) texts.append(utf8.text(before));
    texts.append(readText(reader));
  }
  return isUtf8 ? new Dictionary(utf8) : texts;
}

function stringsOf(valid: Validity, length: number): number {
  let count = 0;
  for (let i = 0; i < length; i++) if (valid === null || valid[i] !== 0) count++;
  return count;
}

function arrayOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError("a column of objects is an array");
  return value;
}
