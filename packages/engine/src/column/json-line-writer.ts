import { type Batch, maxBatchRows } from "./batch.ts";
import type { BooleanColumn, Column, NumberColumn, StringColumn } from "./column.ts";
import { copyWords, wordSlack } from "./copy-words.ts";
import type { Dictionary } from "./dictionary.ts";
import { jsonStringBytes, likelyJsonLength, longestNumber, writeJsonString } from "./json-text.ts";
import { cellWords, type JsonWriterMemory, mostFixedBytes, mostStringBytes, type Run, vectorSlack } from "./json-writer-memory.ts";
import type { Utf8Strings } from "./utf8-strings.ts";

const descriptionBytes = 16;
const cellBytes = 8;
/** Kinds of cells, as `json-write.wat` has them. */
const kinds = { number: 0, ready: 1, plain: 2 } as const;
/** Strings that lie as close together as this are copied in one piece. */
const mostWaste = 2;
const longestByWords = 256;

/** Where the strings of a dictionary are in the memory, as JSON, that have been asked for. */
interface Repeated {
  dictionary: Dictionary | null;
  generation: number;
  /** By id; 0 where the string is not there. */
  starts: Int32Array;
  ends: Int32Array;
}

/** The rows that are being written: those from `from` until `to` of the live rows of a batch. */
interface Rows {
  readonly selection: Int32Array | null;
  readonly from: number;
  readonly to: number;
}

/**
 * Writes live rows of batches without objects as JSON lines, by vector instructions (`json-write.wat`). Nothing of what `load` takes
 * outlasts the next `load` of any writer of this thread.
 */
export class JsonLineWriter {
  readonly #memory: JsonWriterMemory;
  readonly #prefixes: readonly Uint8Array[];
  readonly #withOperation: boolean;
  readonly #repeated: readonly Repeated[];
  /** The most rows at a time. */
  readonly mostRows: number;
  /** Where the descriptions of the columns are, and their cells. */
  #descriptions = 0;
  #cells = 0;
  #rows = 0;
  /** Bytes that the strings may still take. */
  #room = 0;

  /** `prefixes`: the bytes before the values, of which the first is `_op` with `withOperation`, the others those of the fields; not none. */
  constructor(memory: JsonWriterMemory, prefixes: readonly Uint8Array[], withOperation: boolean) {
    this.#memory = memory;
    this.#prefixes = prefixes;
    this.#withOperation = withOperation;
    this.#repeated = prefixes.map(() => ({ dictionary: null, generation: 0, starts: new Int32Array(0), ends: new Int32Array(0) }));
    const fixedBytes = prefixes.reduce((sum, { length }) => sum + length + longestNumber, vectorSlack);
    this.mostRows = Math.max(1, Math.min(maxBatchRows, Math.floor(mostFixedBytes / fixedBytes)));
  }

  /** Takes live rows of a batch, at most `mostRows`; false when their strings are too long together. */
  load(batch: Batch, from: number, to: number): boolean {
    this.#takeOver();
    this.#memory.begin();
    this.#rows = to - from;
    this.#room = mostStringBytes;
    const rows = { selection: batch.selection, from, to };
    for (let i = 0; i < this.#prefixes.length; i++) {
      if (this.#withOperation && i === 0) this.#loadOperations(batch.kinds, rows);
      else if (!this.#loadColumn(i, batch.columns[this.#withOperation ? i - 1 : i] ?? null, rows)) return false;
    }
    return true;
  }

  /** Writes the lines from `row` of the loaded rows on; returns the row before which it stopped because a string needs escapes. */
  write(row: number): number {
    return this.#memory.write(row, this.#rows, this.#descriptions, this.#descriptions + this.#prefixes.length * descriptionBytes);
  }

  /** The lines of the last `write`, until the next of any writer. */
  get lines(): Uint8Array {
    return this.#memory.lines;
  }

  /** Puts the prefixes into the memory, unless nobody else has used it since. */
  #takeOver(): void {
    const memory = this.#memory;
    if (memory.owner === this) return;
    memory.owner = this;
    const count = this.#prefixes.length;
    const prefixBytes = this.#prefixes.reduce((sum, { length }) => sum + length, 0);
    const prefixesAt = count * (descriptionBytes + maxBatchRows * cellBytes);
    const at = memory.reserveOwn(prefixesAt + prefixBytes);
    this.#descriptions = at;
    this.#cells = at + count * descriptionBytes;
    let prefixAt = at + prefixesAt;
    for (const [i, prefix] of this.#prefixes.entries()) {
      memory.bytes.set(prefix, prefixAt);
      memory.words.set([prefixAt, prefix.length, 0, this.#cellsOf(i)], (at + i * descriptionBytes) >> 2);
      prefixAt += prefix.length;
    }
  }

  #cellsOf(column: number): number {
    return this.#cells + column * maxBatchRows * cellBytes;
  }

  #setKind(column: number, kind: number): void {
    this.#memory.words[(this.#descriptions + column * descriptionBytes + 8) >> 2] = kind;
  }

  #loadColumn(i: number, column: Column | null, rows: Rows): boolean {
    switch (column?.kind) {
      case "number":
        this.#setKind(i, kinds.number);
        this.#loadNumbers(column, rows, this.#cellsOf(i) >> 3);
        return true;
      case "boolean":
        this.#setKind(i, kinds.ready);
        this.#loadBooleans(column, rows, this.#cellsOf(i) >> 2);
        return true;
      case "string": {
        const { utf8 } = column.dictionary;
        const plain = utf8 !== null && !utf8.distinct;
        this.#setKind(i, plain ? kinds.plain : kinds.ready);
        const cells = this.#cellsOf(i) >> 2;
        return plain ? this.#loadPlain(column, utf8, rows, cells) : this.#loadRepeated(column, this.#repeated[i], rows, cells);
      }
      case "object":
        throw new TypeError("objects are not written by vectors");
      default: {
        this.#setKind(i, kinds.ready);
        const cells = this.#cellsOf(i) >> 2;
        for (let at = 0; at < this.#rows; at++) this.#putRun(cells + at * 2, cellWords.null);
        return true;
      }
    }
  }

  #putRun(cell: number, { at, length }: Run): void {
    this.#memory.words[cell] = at;
    this.#memory.words[cell + 1] = length;
  }

  #loadOperations(rowKinds: Uint8Array | null, { selection, from, to }: Rows): void {
    this.#setKind(0, kinds.ready);
    let cell = this.#cellsOf(0) >> 2;
    for (let at = from; at < to; at++, cell += 2) {
      const kind = rowKinds === null ? 0 : rowKinds[selection === null ? at : selection[at]];
      this.#putRun(cell, cellWords.operation[kind]);
    }
  }

  #loadNumbers({ values, valid }: NumberColumn, { selection, from, to }: Rows, cells: number): void {
    const { doubles } = this.#memory;
    if (selection === null && valid === null) {
      doubles.set(values.subarray(from, to), cells);
      return;
    }
    let cell = cells;
    for (let at = from; at < to; at++) {
      const row = selection === null ? at : selection[at];
      doubles[cell++] = valid === null || valid[row] !== 0 ? values[row] : Number.NaN;
    }
  }

  #loadBooleans({ values, valid }: BooleanColumn, { selection, from, to }: Rows, cells: number): void {
    let cell = cells;
    for (let at = from; at < to; at++, cell += 2) {
      const row = selection === null ? at : selection[at];
      this.#putRun(cell, valid === null || valid[row] !== 0 ? cellWords.boolean[values[row]] : cellWords.null);
    }
  }

  /** Strings that come once each: their bytes are copied, in one piece where there is not much between them. */
  #loadPlain({ ids, valid }: StringColumn, { bytes, view, starts, lengths }: Utf8Strings, rows: Rows, cells: number): boolean {
    const { selection, from, to } = rows;
    let low = 0x7fffffff;
    let high = -1;
    let sum = 0;
    for (let at = from; at < to; at++) {
      const row = selection === null ? at : selection[at];
      if (valid !== null && valid[row] === 0) continue;
      const id = ids[row];
      if (id < low) low = id;
      if (id > high) high = id;
      sum += lengths[id];
    }
    this.#room -= sum;
    if (this.#room < 0) return false;
    const memory = this.#memory;
    const first = high < 0 ? 0 : starts[low];
    const spread = high < 0 ? 0 : starts[high] + lengths[high] - first;
    const together = spread <= sum * mostWaste;
    let base = memory.plain(together ? spread : sum + (to - from) * wordSlack);
    if (base < 0) return false;
    if (together) memory.bytes.set(bytes.subarray(first, first + spread), base);
    let cell = cells;
    for (let at = from; at < to; at++, cell += 2) {
      const row = selection === null ? at : selection[at];
      const id = ids[row];
      if (valid !== null && valid[row] === 0) memory.words[cell + 1] = -1;
      else {
        const length = lengths[id];
        memory.words[cell] = together ? base + starts[id] - first : base;
        memory.words[cell + 1] = length;
        if (together) continue;
        if (length > longestByWords || starts[id] + length + wordSlack > bytes.length)
          memory.bytes.set(bytes.subarray(starts[id], starts[id] + length), base);
        else copyWords(view, starts[id], length, memory.view, base);
        base += length;
      }
    }
    return true;
  }

  /** Strings of which each may come again: they stay in the memory as JSON. */
  #loadRepeated({ ids, valid, dictionary }: StringColumn, repeated: Repeated, rows: Rows, cells: number): boolean {
    this.#follow(repeated, dictionary);
    const { selection, from, to } = rows;
    const { words } = this.#memory;
    const { starts, ends } = repeated;
    let sum = 0;
    let cell = cells;
    for (let at = from; at < to; at++, cell += 2) {
      const row = selection === null ? at : selection[at];
      if (valid !== null && valid[row] === 0) {
        this.#putRun(cell, cellWords.null);
        continue;
      }
      const id = ids[row];
      if (starts[id] === 0 && !this.#addRepeated(repeated, dictionary, id)) return false;
      const length = ends[id] - starts[id];
      words[cell] = starts[id];
      words[cell + 1] = length;
      sum += length;
    }
    this.#room -= sum;
    return this.#room >= 0;
  }

  /** Makes `repeated` fit what the dictionary has become. */
  #follow(repeated: Repeated, dictionary: Dictionary): void {
    const { generation } = this.#memory;
    if (repeated.dictionary !== dictionary || repeated.generation !== generation) {
      repeated.dictionary = dictionary;
      repeated.generation = generation;
      repeated.starts.fill(0);
    }
    if (dictionary.size <= repeated.starts.length) return;
    const starts = new Int32Array(dictionary.size * 2);
    const ends = new Int32Array(dictionary.size * 2);
    starts.set(repeated.starts);
    ends.set(repeated.ends);
    repeated.starts = starts;
    repeated.ends = ends;
  }

  #addRepeated(repeated: Repeated, dictionary: Dictionary, id: number): boolean {
    const memory = this.#memory;
    let at = memory.repeated(likelyJsonLength(dictionary, id) + wordSlack);
    if (at < 0) return false;
    let end = writeJsonString(memory.bytes, memory.view, at, dictionary, id);
    if (end < 0) {
      const bytes = jsonStringBytes(dictionary, id);
      at = memory.repeated(bytes.length);
      if (at < 0) return false;
      memory.bytes.set(bytes, at);
      end = at + bytes.length;
    }
    memory.keep(end);
    repeated.starts[id] = at;
    repeated.ends[id] = end;
    return true;
  }
}
