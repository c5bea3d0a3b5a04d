import type { Field } from "../types/field-type.ts";
import type { Changelog } from "../types/stream-type.ts";
import type { Batch } from "./batch.ts";
import { type Column, columnKind } from "./column.ts";
import { copyWords, wordSlack } from "./copy-words.ts";
import { JsonLineWriter } from "./json-line-writer.ts";
import { jsonStringBytes, likelyJsonLength, longestNumber, writeJsonNumber, writeJsonString } from "./json-text.ts";
import { jsonWriterMemory } from "./json-writer-memory.ts";
import type { RecordEncoder } from "./record-decoder.ts";

const text = new TextEncoder();
const nullBytes = text.encode("null");
const trueBytes = text.encode("true");
const falseBytes = text.encode("false");
const openBrace = 0x7b;
const closeBrace = 0x7d;
const lineFeed = 0x0a;
/** Blocks double from this to that, each is a piece of what is taken. */
const firstBlockBytes = 1 << 12;
const mostBlockBytes = 1 << 20;
/** Fewer rows are not worth a call. */
const worthwhileRows = 16;
/** Values of `_op` by `RowKind`, as Flink writes them. */
const operations = ["+I", "-U", "+U", "-D"];

/**
 * Encodes records as JSON lines, members in the order of the fields, NULL as `null`, timestamps and intervals
 * as milliseconds. Of a changelog each record starts with `_op`: `+I`, `-U`, `+U` or `-D`. `accelerated: false` leaves WebAssembly
 * out, with the same bytes.
 */
export function createJsonEncoder(
  fields: readonly Field[],
  changelog: Changelog,
  options: { readonly accelerated?: boolean } = {},
): RecordEncoder {
  return new JsonEncoder(fields, changelog !== "append", options.accelerated ?? true);
}

/** The bytes in front of a value, followed by `wordSlack`. */
interface Prefix {
  readonly view: DataView;
  readonly length: number;
}

function prefixOf(bytes: Uint8Array): Prefix {
  const padded = new Uint8Array(bytes.length + wordSlack);
  padded.set(bytes);
  return { view: new DataView(padded.buffer), length: bytes.length };
}

class JsonEncoder implements RecordEncoder {
  readonly #prefixes: readonly Prefix[];
  readonly #operations: readonly Uint8Array[] | null;
  readonly #lineWriter: JsonLineWriter | null;
  /** The most bytes of a record beside those of its strings and objects. */
  readonly #fixedBytes: number;
  /** Blocks that are full, each up to where it is written. */
  readonly #full: Uint8Array[] = [];
  #fullBytes = 0;
  /** The block that is being written, and how far whole records reach in it. */
  #bytes = new Uint8Array(firstBlockBytes);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;
  #records = 0;

  constructor(fields: readonly Field[], withOperation: boolean, accelerated: boolean) {
    const prefixes = fields.map((field, i) => text.encode(`${i === 0 && !withOperation ? "{" : ","}${JSON.stringify(field.name)}:`));
    this.#prefixes = prefixes.map(prefixOf);
    this.#lineWriter = accelerated && isAcceleratable(fields) ? lineWriter(prefixes, withOperation) : null;
    this.#operations = withOperation ? operations.map((op) => text.encode(`{"_op":"${op}"`)) : null;
    this.#fixedBytes = this.#prefixes.reduce((sum, prefix) => sum + prefix.length + longestNumber + wordSlack, 16);
  }

  get size(): number {
    return this.#fullBytes + this.#length;
  }

  get records(): number {
    return this.#records;
  }

  write(batch: Batch): void {
    const { selected } = batch;
    if (this.#lineWriter === null) this.#writeRows(batch, 0, selected);
    else this.#writeByVectors(this.#lineWriter, batch);
    this.#records += selected;
  }

  take(): readonly Uint8Array[] {
    // The last block goes on being written.
    const taken = [...this.#full, this.#bytes.slice(0, this.#length)];
    this.#full.length = 0;
    this.#fullBytes = 0;
    this.#length = 0;
    this.#records = 0;
    return taken;
  }

  /** Writes as many rows at a time as the writer can take. */
  #writeByVectors(writer: JsonLineWriter, batch: Batch): void {
    const { selected } = batch;
    let most = writer.mostRows;
    for (let from = 0; from < selected; ) {
      const to = Math.min(selected, from + most);
      const few = to - from < worthwhileRows;
      if (!few && !writer.load(batch, from, to)) most = (to - from) >> 1;
      else {
        if (few) this.#writeRows(batch, from, to);
        else this.#writeLoaded(writer, batch, from, to);
        from = to;
        most = writer.mostRows;
      }
    }
  }

  /** Writes the rows that the writer has taken, and those itself that it stops before. */
  #writeLoaded(writer: JsonLineWriter, batch: Batch, from: number, to: number): void {
    for (let at = from; at < to; at++) {
      at = from + writer.write(at - from);
      this.#length = this.#putLong(this.#length, writer.lines);
      if (at < to) this.#writeRows(batch, at, at + 1);
    }
  }

  #writeRows(batch: Batch, from: number, to: number): void {
    const { selection } = batch;
    for (let at = from; at < to; at++) this.#writeRow(batch, selection === null ? at : selection[at]);
  }

  #writeRow(batch: Batch, row: number): void {
    const prefixes = this.#prefixes;
    let at = this.#reserve(this.#length, this.#fixedBytes);
    if (this.#operations !== null) at = put(this.#bytes, at, this.#operations[batch.kinds === null ? 0 : batch.kinds[row]]);
    for (let i = 0; i < prefixes.length; i++) {
      const prefix = prefixes[i];
      copyWords(prefix.view, 0, prefix.length, this.#view, at);
      at += prefix.length;
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
        const from = this.#reserve(at, likelyJsonLength(dictionary, id) + this.#fixedBytes);
        const end = writeJsonString(this.#bytes, this.#view, from, dictionary, id);
        return end >= 0 ? end : this.#putLong(from, jsonStringBytes(dictionary, id));
      }
      case "object":
        return this.#putLong(at, text.encode(JSON.stringify(column.values[row]) ?? "null"));
    }
  }

  #putLong(at: number, bytes: Uint8Array): number {
    const from = this.#reserve(at, bytes.length + this.#fixedBytes);
    this.#bytes.set(bytes, from);
    return from + bytes.length;
  }

  /** Makes room for so many bytes from `at` on, where the record that is being written has got to; returns where that is now. */
  #reserve(at: number, more: number): number {
    if (at + more <= this.#bytes.length) return at;
    const begun = this.#bytes.subarray(this.#length, at);
    if (this.#length > 0) this.#full.push(this.#bytes.subarray(0, this.#length));
    this.#fullBytes += this.#length;
    this.#bytes = new Uint8Array(Math.max((begun.length + more) * 2, Math.min(this.#bytes.length * 2, mostBlockBytes)));
    this.#view = new DataView(this.#bytes.buffer);
    this.#bytes.set(begun);
    this.#length = 0;
    return begun.length;
  }
}

function isAcceleratable(fields: readonly Field[]): boolean {
  return fields.length > 0 && fields.every(({ type }) => columnKind(type) !== "object");
}

function lineWriter(prefixes: readonly Uint8Array[], withOperation: boolean): JsonLineWriter | null {
  const memory = jsonWriterMemory();
  if (memory === null) return null;
  return new JsonLineWriter(memory, withOperation ? [text.encode('{"_op":'), ...prefixes] : prefixes, withOperation);
}

function put(into: Uint8Array, at: number, bytes: Uint8Array): number {
  for (let i = 0; i < bytes.length; i++) into[at + i] = bytes[i];
  return at + bytes.length;
}
