import type { Field } from "../types/field-type.ts";
import type { Changelog } from "../types/stream-type.ts";
import type { Batch } from "./batch.ts";
import type { Column } from "./column.ts";
import { jsonStringBytes, likelyJsonLength, longestNumber, writeJsonNumber, writeJsonString } from "./json-text.ts";
import type { RecordEncoder } from "./record-decoder.ts";

const text = new TextEncoder();
const nullBytes = text.encode("null");
const trueBytes = text.encode("true");
const falseBytes = text.encode("false");
const openBrace = 0x7b;
const closeBrace = 0x7d;
const lineFeed = 0x0a;
/** Values of `_op` by `RowKind`, as Flink writes them. */
const operations = ["+I", "-U", "+U", "-D"];

/**
 * Encodes records as JSON lines, members in the order of the fields, NULL as `null`, timestamps and intervals
 * as milliseconds. Of a changelog each record starts with `_op`: `+I`, `-U`, `+U` or `-D`.
 */
export function createJsonEncoder(fields: readonly Field[], changelog: Changelog): RecordEncoder {
  return new JsonEncoder(fields, changelog !== "append");
}

class JsonEncoder implements RecordEncoder {
  readonly #prefixes: readonly Uint8Array[];
  readonly #operations: readonly Uint8Array[] | null;
  /** The most bytes of a record beside those of its strings and objects. */
  readonly #fixedBytes: number;
  #bytes = new Uint8Array(1 << 12);
  #length = 0;
  #records = 0;

  constructor(fields: readonly Field[], withOperation: boolean) {
    this.#prefixes = fields.map((field, i) => text.encode(`${i === 0 && !withOperation ? "{" : ","}${JSON.stringify(field.name)}:`));
    this.#operations = withOperation ? operations.map((op) => text.encode(`{"_op":"${op}"`)) : null;
    this.#fixedBytes = this.#prefixes.reduce((sum, prefix) => sum + prefix.length + longestNumber, 16);
  }

  get size(): number {
    return this.#length;
  }

  get records(): number {
    return this.#records;
  }

  write(batch: Batch): void {
    const { selection, selected } = batch;
    for (let at = 0; at < selected; at++) this.#writeRow(batch, selection === null ? at : selection[at]);
    this.#records += selected;
  }

  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    this.#records = 0;
    return taken;
  }

  #writeRow(batch: Batch, row: number): void {
    const prefixes = this.#prefixes;
    this.#reserve(this.#length + this.#fixedBytes);
    let at = this.#length;
    if (this.#operations !== null) at = put(this.#bytes, at, this.#operations[batch.kinds === null ? 0 : batch.kinds[row]]);
    for (let i = 0; i < prefixes.length; i++) {
      at = put(this.#bytes, at, prefixes[i]);
      const column = batch.columns[i];
      if (column === null || column === undefined || (column.valid !== null && column.valid[row] === 0))
        at = put(this.#bytes, at, nullBytes);
      else at = this.#writeCell(at, column, row);
    }
    const bytes = this.#bytes;
    if (prefixes.length === 0 && this.#operations === null) bytes[at++] = openBrace;
    bytes[at] = closeBrace;
    bytes[at + 1] = lineFeed;
    this.#length = at + 2;
  }

  #writeCell(at: number, column: Column, row: number): number {
    switch (column.kind) {
      case "number":
        return writeJsonNumber(this.#bytes, at, column.values[row]);
      case "boolean":
        return put(this.#bytes, at, column.values[row] === 1 ? trueBytes : falseBytes);
      case "string": {
        const { dictionary } = column;
        const id = column.ids[row];
        this.#reserve(at + likelyJsonLength(dictionary, id) + this.#fixedBytes);
        const end = writeJsonString(this.#bytes, at, dictionary, id);
        return end >= 0 ? end : this.#putLong(at, jsonStringBytes(dictionary, id));
      }
      case "object":
        return this.#putLong(at, text.encode(JSON.stringify(column.values[row]) ?? "null"));
    }
  }

  #putLong(at: number, bytes: Uint8Array): number {
    this.#reserve(at + bytes.length + this.#fixedBytes);
    this.#bytes.set(bytes, at);
    return at + bytes.length;
  }

  /** Makes room for so many bytes; those written so far stay. */
  #reserve(bytes: number): void {
    if (bytes <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(bytes, this.#bytes.length * 2));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

function put(into: Uint8Array, at: number, bytes: Uint8Array): number {
  for (let i = 0; i < bytes.length; i++) into[at + i] = bytes[i];
  return at + bytes.length;
}
