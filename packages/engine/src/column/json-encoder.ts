import type { Field } from "../types/field-type.ts";
import type { Changelog } from "../types/stream-type.ts";
import type { Batch } from "./batch.ts";
import type { Column } from "./column.ts";
import type { Dictionary } from "./dictionary.ts";
import type { RecordEncoder } from "./record-decoder.ts";

const text = new TextEncoder();
const nullBytes = text.encode("null");
const trueBytes = text.encode("true");
const falseBytes = text.encode("false");
/** Values of `_op` by `RowKind`, as Flink writes them. */
const operations = ["+I", "-U", "+U", "-D"];
const cachedStringBytes = 4 << 20;

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
  readonly #strings: StringBytes[];
  #bytes = new Uint8Array(1 << 12);
  #length = 0;
  #records = 0;

  constructor(fields: readonly Field[], withOperation: boolean) {
    this.#prefixes = fields.map((field, i) => text.encode(`${i === 0 && !withOperation ? "{" : ","}${JSON.stringify(field.name)}:`));
    this.#operations = withOperation ? operations.map((op) => text.encode(`{"_op":"${op}"`)) : null;
    this.#strings = fields.map(() => new StringBytes());
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
    if (this.#operations !== null) this.#put(this.#operations[batch.kinds === null ? 0 : batch.kinds[row]]);
    for (let i = 0; i < this.#prefixes.length; i++) {
      this.#put(this.#prefixes[i]);
      const column = batch.columns[i];
      if (column === null || column === undefined || (column.valid !== null && column.valid[row] === 0)) this.#put(nullBytes);
      else this.#writeCell(column, row, i);
    }
    if (this.#prefixes.length === 0 && this.#operations === null) this.#putByte(0x7b);
    this.#putByte(0x7d);
    this.#putByte(0x0a);
  }

  #writeCell(column: Column, row: number, field: number): void {
    switch (column.kind) {
      case "number":
        this.#putNumber(column.values[row]);
        return;
      case "boolean":
        this.#put(column.values[row] === 1 ? trueBytes : falseBytes);
        return;
      case "string":
        this.#put(this.#strings[field].bytesOf(column.dictionary, column.ids[row]));
        return;
      case "object":
        this.#put(text.encode(JSON.stringify(column.values[row]) ?? "null"));
    }
  }

  #putNumber(value: number): void {
    if (!Number.isSafeInteger(value)) {
      this.#put(Number.isFinite(value) ? text.encode(String(value)) : nullBytes);
      return;
    }
    this.#reserve(20);
    let rest = value;
    if (rest < 0) {
      this.#bytes[this.#length++] = 0x2d;
      rest = -rest;
    }
    let digits = 1;
    for (let bound = 10; rest >= bound && digits < 17; bound *= 10) digits++;
    let at = this.#length + digits;
    this.#length = at;
    // Beyond 32 bits integer division is slow in doubles, so the digits come off in groups of nine.
    while (rest > 0x3fffffff) {
      const upper = Math.floor(rest / 1e9);
      let lower = rest - upper * 1e9;
      for (let i = 0; i < 9; i++) {
        const next = (lower / 10) | 0;
        this.#bytes[--at] = 0x30 + (lower - next * 10);
        lower = next;
      }
      rest = upper;
    }
    let small = rest | 0;
    do {
      const next = (small / 10) | 0;
      this.#bytes[--at] = 0x30 + (small - next * 10);
      small = next;
    } while (small > 0);
  }

  #put(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    if (bytes.length > 32) this.#bytes.set(bytes, this.#length);
    else for (let i = 0; i < bytes.length; i++) this.#bytes[this.#length + i] = bytes[i];
    this.#length += bytes.length;
  }

  #putByte(byte: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = byte;
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#length + bytes, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}

/** The quoted JSON bytes of the strings of one dictionary, made once for each; forgotten when they grow large. */
class StringBytes {
  #dictionary: Dictionary | null = null;
  #encoded: (Uint8Array | undefined)[] = [];
  #total = 0;

  bytesOf(dictionary: Dictionary, id: number): Uint8Array {
    if (dictionary !== this.#dictionary || this.#total > cachedStringBytes) {
      this.#dictionary = dictionary;
      this.#encoded = [];
      this.#total = 0;
    }
    const known = this.#encoded[id];
    if (known !== undefined) return known;
    const bytes = text.encode(JSON.stringify(dictionary.strings[id]));
    this.#encoded[id] = bytes;
    this.#total += bytes.length;
    return bytes;
  }
}
