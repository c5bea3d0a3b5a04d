import { writeAscii } from "./json-text.ts";
import { jsonWriteWasm } from "./json-write.wasm.ts";

const pageBytes = 1 << 16;
/** How far beyond its end a run of bytes may be read and written. */
export const vectorSlack = 16;
/** The most bytes of strings in the lines that are written at a time, and what these may take beside them. */
export const mostStringBytes = 1 << 20;
export const mostFixedBytes = 1 << 20;
const words = ["null", "false", "true", '"+I"', '"-U"', '"+U"', '"-D"'];
const wordBytes = 16;
/** Where strings are that repeat, of all encoders, those of one call, and the lines; then what one encoder needs. */
const repeatedAt = words.length * wordBytes;
const plainAt = repeatedAt + (1 << 20);
const linesAt = plainAt + mostStringBytes + vectorSlack;
const ownAt = linesAt + mostFixedBytes + mostStringBytes + vectorSlack;

/** What the module exports. */
interface WriteExports {
  readonly memory: WebAssembly.Memory;
  readonly end: WebAssembly.Global<"i32">;
  readonly write: (row: number, rows: number, first: number, last: number, at: number) => number;
}

/** A run of bytes in the memory. */
export interface Run {
  readonly at: number;
  readonly length: number;
}

/** The words that stand for cells, as runs: NULL, booleans by their value, and `_op` by `RowKind`. */
export const cellWords = {
  null: runOfWord(0),
  boolean: [runOfWord(1), runOfWord(2)],
  operation: [runOfWord(3), runOfWord(4), runOfWord(5), runOfWord(6)],
} as const;

function runOfWord(index: number): Run {
  return { at: index * wordBytes, length: words[index].length };
}

/** The memory of the module that writes JSON lines (`json-write.wat`), which all encoders of a thread share, and its parts. */
export class JsonWriterMemory {
  readonly #exports: WriteExports;
  #end = repeatedAt;
  /** Views over all of it, anew when it has grown. */
  bytes = new Uint8Array(0);
  view = new DataView(new ArrayBuffer(0));
  doubles = new Float64Array(0);
  words = new Int32Array(0);
  /** Who wrote the part from `ownAt` on. */
  owner: object | null = null;
  /** Goes up when strings that repeat have been forgotten. */
  generation = 0;
  #repeatedFull = false;
  #plainEnd = plainAt;

  constructor(compiled: WebAssembly.Module) {
    const number = (value: number, at: number): number => writeAscii(this.bytes, at, String(value));
    // What `json-write.wat` imports and exports.
    this.#exports = new WebAssembly.Instance(compiled, { host: { number } }).exports as unknown as WriteExports;
    this.reserve(ownAt);
    const encoder = new TextEncoder();
    for (const [i, word] of words.entries()) this.bytes.set(encoder.encode(word), i * wordBytes);
  }

  /** Makes room for what one encoder needs; returns where it is, a multiple of 16. */
  reserveOwn(bytes: number): number {
    const at = (ownAt + 15) & ~15;
    this.reserve(at + bytes + vectorSlack);
    return at;
  }

  reserve(bytes: number): void {
    const { memory } = this.#exports;
    const missing = bytes - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / pageBytes));
    if (this.bytes.buffer === memory.buffer) return;
    this.bytes = new Uint8Array(memory.buffer);
    this.view = new DataView(memory.buffer);
    this.doubles = new Float64Array(memory.buffer);
    this.words = new Int32Array(memory.buffer);
  }

  /** Starts a call: strings of the one before are given up, and those that repeat where there was no more room for them. */
  begin(): void {
    this.#plainEnd = plainAt;
    if (!this.#repeatedFull) return;
    this.#repeatedFull = false;
    this.#end = repeatedAt;
    this.generation++;
  }

  /** Room for strings of this call; -1 when there is not so much. */
  plain(bytes: number): number {
    const at = this.#plainEnd;
    if (at + bytes > plainAt + mostStringBytes) return -1;
    this.#plainEnd = at + bytes;
    return at;
  }

  /** Room for a string that repeats, which `keep` takes up; -1 when there is not so much. */
  repeated(bytes: number): number {
    if (this.#end + bytes <= plainAt) return this.#end;
    this.#repeatedFull = true;
    return -1;
  }

  keep(end: number): void {
    this.#end = end;
  }

  /** Writes lines of rows from `row` on; returns the row before which it stopped. */
  write(row: number, rows: number, first: number, last: number): number {
    return this.#exports.write(row, rows, first, last, linesAt);
  }

  /** The lines of the last call of `write`, until the next. */
  get lines(): Uint8Array {
    return this.bytes.subarray(linesAt, this.#exports.end.value);
  }
}

let shared: JsonWriterMemory | null | undefined;

/** The memory of this thread; null where WebAssembly with vectors is missing or forbidden. */
export function jsonWriterMemory(): JsonWriterMemory | null {
  if (shared !== undefined) return shared;
  try {
    shared = new JsonWriterMemory(new WebAssembly.Module(Uint8Array.fromBase64(jsonWriteWasm)));
  } catch {
    shared = null;
  }
  return shared;
}
