import { type Batch, maxBatchRows } from "../column/batch.ts";
import { type BooleanColumn, type Column, columnKind, type NumberColumn, type ObjectColumn } from "../column/column.ts";
import { Dictionary } from "../column/dictionary.ts";
import type { StreamType } from "../types/stream-type.ts";

/**
 * Rows on their way to another worker: arrays of their own, which can be handed over without a copy. Strings are ids in a
 * dictionary that both ends build up, so a string crosses once.
 */
export interface WireRows {
  /** At most `maxBatchRows`. */
  readonly length: number;
  readonly columns: readonly (WireColumn | null)[];
  readonly time: Float64Array;
  readonly kinds: Uint8Array | null;
  /** Key group of each row; null: they are not keyed. */
  readonly groups: Uint8Array | null;
  /** Of rows that come right from a source: where each stands in its task; else null. */
  readonly places: WirePlaces | null;
}

export interface WirePlaces {
  /** Number of the record in its task. */
  readonly ordinals: Int32Array;
  /** The newest time among the records before it in its task; -Infinity when none has one. */
  readonly newestBefore: Float64Array;
}

type WireColumn = NumberColumn | BooleanColumn | ObjectColumn | WireStrings;

interface WireStrings {
  readonly kind: "string";
  readonly ids: Int32Array;
  readonly valid: Uint8Array | null;
  /** The dictionary begins anew with these rows. */
  readonly isNew: boolean;
  /** What the dictionary has more than before. */
  readonly strings: readonly string[];
}

/** Where the rows of a batch stand in their task, by physical row. */
export interface BatchPlaces {
  readonly firstOrdinal: number;
  readonly newestBefore: Float64Array;
}

/** Gathers rows for one receiver. What it writes has to arrive in order, as later rows rest on dictionaries of earlier ones. */
export class RowsWriter {
  readonly #columns: readonly (NumbersWriter | BooleansWriter | StringsWriter | ObjectsWriter | null)[];
  readonly #time = new Float64Array(maxBatchRows);
  readonly #kinds = new Uint8Array(maxBatchRows);
  readonly #groups = new Uint8Array(maxBatchRows);
  readonly #ordinals = new Int32Array(maxBatchRows);
  readonly #newestBefore = new Float64Array(maxBatchRows);
  #isChangelog = false;
  #isGrouped = false;
  #isPlaced = false;
  #length = 0;
  #written: WireRows[] = [];

  /** `live`: which fields go along. */
  constructor(stream: StreamType, live: readonly boolean[]) {
    this.#columns = stream.fields.map(({ type }, i) => (live[i] === false ? null : createWriter(columnKind(type))));
  }

  /** Adds `rows[0…count)` of a batch; `groups` are by row of the batch. */
  add(batch: Batch, rows: Int32Array, count: number, groups: Uint8Array | null, places: BatchPlaces | null): void {
    this.#turnTo(batch);
    for (let from = 0; from < count; ) {
      if (this.#length === maxBatchRows) this.#flush();
      const to = Math.min(count, from + maxBatchRows - this.#length);
      this.#append(batch, rows.subarray(from, to), groups, places);
      from = to;
    }
  }

  /** What was added since the last call, in order. */
  take(): readonly WireRows[] {
    this.#flush();
    const written = this.#written;
    this.#written = [];
    return written;
  }

  /** Rows of one piece share their dictionaries. */
  #turnTo(batch: Batch): void {
    this.#columns.forEach((writer, i) => {
      const column = batch.columns[i];
      if (!(writer instanceof StringsWriter) || column?.kind !== "string") return;
      if (writer.isOf(column.dictionary)) writer.grow();
      else {
        this.#flush();
        writer.beginAnew(column.dictionary);
      }
    });
  }

  #append(batch: Batch, rows: Int32Array, groups: Uint8Array | null, places: BatchPlaces | null): void {
    const at = this.#length;
    for (let i = 0; i < this.#columns.length; i++) {
      const writer = this.#columns[i];
      const column = batch.columns[i];
      if (writer === null) continue;
      if (column === null || column === undefined) throw new Error(`column ${i} was pruned but is read by another worker`);
      writer.add(column, rows, at);
    }
    for (let p = 0; p < rows.length; p++) this.#time[at + p] = batch.time[rows[p]];
    this.#appendKinds(batch.kinds, rows, at);
    if (groups !== null) {
      this.#isGrouped = true;
      for (let p = 0; p < rows.length; p++) this.#groups[at + p] = groups[rows[p]];
    }
    if (places !== null) {
      this.#isPlaced = true;
      const { firstOrdinal, newestBefore } = places;
      for (let p = 0; p < rows.length; p++) {
        const row = rows[p];
        this.#ordinals[at + p] = firstOrdinal + row;
        this.#newestBefore[at + p] = newestBefore[row];
      }
    }
    this.#length += rows.length;
  }

  #appendKinds(kinds: Uint8Array | null, rows: Int32Array, at: number): void {
    if (kinds === null) {
      this.#kinds.fill(0, at, at + rows.length);
      return;
    }
    this.#isChangelog = true;
    for (let p = 0; p < rows.length; p++) this.#kinds[at + p] = kinds[rows[p]];
  }

  #flush(): void {
    const length = this.#length;
    if (length === 0) return;
    this.#written.push({
      length,
      columns: this.#columns.map((writer) => writer?.take(length) ?? null),
      time: this.#time.slice(0, length),
      kinds: this.#isChangelog ? this.#kinds.slice(0, length) : null,
      groups: this.#isGrouped ? this.#groups.slice(0, length) : null,
      places: this.#isPlaced ? { ordinals: this.#ordinals.slice(0, length), newestBefore: this.#newestBefore.slice(0, length) } : null,
    });
    this.#length = 0;
    this.#isChangelog = false;
  }
}

/** Makes batches of what a `RowsWriter` wrote, in the order in which it did. */
export class RowsReader {
  readonly #dictionaries: Dictionary[] = [];

  read({ length, columns, time, kinds }: WireRows): Batch {
    return { length, selection: null, selected: length, columns: columns.map((column, i) => this.#column(column, i)), time, kinds };
  }

  #column(column: WireColumn | null, i: number): Column | null {
    if (column === null || column.kind !== "string") return column;
    if (column.isNew) this.#dictionaries[i] = new Dictionary();
    const dictionary = this.#dictionaries[i];
    for (const text of column.strings) dictionary.append(text);
    return { kind: "string", ids: column.ids, dictionary, valid: column.valid };
  }
}

/** The buffers of rows, to be handed over instead of copied. */
export function buffersOf(rows: readonly WireRows[]): ArrayBuffer[] {
  const buffers: ArrayBuffer[] = [];
  const add = (array: Float64Array | Int32Array | Uint8Array | null): void => {
    if (array !== null && array.buffer instanceof ArrayBuffer) buffers.push(array.buffer);
  };
  for (const { columns, time, kinds, groups, places } of rows) {
    for (const array of [time, kinds, groups, places?.ordinals ?? null, places?.newestBefore ?? null]) add(array);
    for (const column of columns) {
      if (column === null) continue;
      add(column.valid);
      if (column.kind === "string") add(column.ids);
      else if (column.kind !== "object") add(column.values);
    }
  }
  return buffers;
}

function createWriter(kind: Column["kind"]): NumbersWriter | BooleansWriter | StringsWriter | ObjectsWriter {
  switch (kind) {
    case "number":
      return new NumbersWriter();
    case "boolean":
      return new BooleansWriter();
    case "string":
      return new StringsWriter();
    case "object":
      return new ObjectsWriter();
  }
}

/** Whether rows have a value. */
class ValidityWriter {
  readonly #valid = new Uint8Array(maxBatchRows);
  #nulls = false;

  add(valid: Uint8Array | null, rows: Int32Array, at: number): void {
    if (valid === null) this.#valid.fill(1, at, at + rows.length);
    else
      for (let p = 0; p < rows.length; p++) {
        this.#valid[at + p] = valid[rows[p]];
        if (valid[rows[p]] === 0) this.#nulls = true;
      }
  }

  isNull(at: number): boolean {
    return this.#valid[at] === 0;
  }

  take(length: number): Uint8Array | null {
    const taken = this.#nulls ? this.#valid.slice(0, length) : null;
    this.#nulls = false;
    return taken;
  }
}

class NumbersWriter {
  readonly #values = new Float64Array(maxBatchRows);
  readonly #validity = new ValidityWriter();

  add(column: Column, rows: Int32Array, at: number): void {
    if (column.kind !== "number") throw new TypeError(`a number column is needed, not ${column.kind}`);
    for (let p = 0; p < rows.length; p++) this.#values[at + p] = column.values[rows[p]];
    this.#validity.add(column.valid, rows, at);
  }

  take(length: number): WireColumn {
    return { kind: "number", values: this.#values.slice(0, length), valid: this.#validity.take(length) };
  }
}

class BooleansWriter {
  readonly #values = new Uint8Array(maxBatchRows);
  readonly #validity = new ValidityWriter();

  add(column: Column, rows: Int32Array, at: number): void {
    if (column.kind !== "boolean") throw new TypeError(`a boolean column is needed, not ${column.kind}`);
    for (let p = 0; p < rows.length; p++) this.#values[at + p] = column.values[rows[p]];
    this.#validity.add(column.valid, rows, at);
  }

  take(length: number): WireColumn {
    return { kind: "boolean", values: this.#values.slice(0, length), valid: this.#validity.take(length) };
  }
}

class ObjectsWriter {
  #values: unknown[] = [];
  readonly #validity = new ValidityWriter();

  add(column: Column, rows: Int32Array, at: number): void {
    if (column.kind !== "object") throw new TypeError(`an object column is needed, not ${column.kind}`);
    for (let p = 0; p < rows.length; p++) this.#values.push(column.values[rows[p]]);
    this.#validity.add(column.valid, rows, at);
  }

  take(length: number): WireColumn {
    const values = this.#values;
    this.#values = [];
    return { kind: "object", values, valid: this.#validity.take(length) };
  }
}

/** Strings of one dictionary after the other; of each, those that rows have, by ids of their own. */
class StringsWriter {
  readonly #ids = new Int32Array(maxBatchRows);
  readonly #validity = new ValidityWriter();
  #source: Dictionary | null = null;
  /** By id in the source: id at the other end, or -1. */
  #known: Int32Array = new Int32Array(0);
  #size = 0;
  #fresh: string[] = [];
  #isNew = true;

  isOf(dictionary: Dictionary): boolean {
    return this.#source === dictionary;
  }

  beginAnew(dictionary: Dictionary): void {
    this.#source = dictionary;
    this.#known = new Int32Array(dictionary.size).fill(-1);
    this.#size = 0;
    this.#isNew = true;
  }

  grow(): void {
    const before = this.#known.length;
    const size = this.#source?.size ?? 0;
    if (size <= before) return;
    const known = new Int32Array(Math.max(size, before * 2)).fill(-1, before);
    known.set(this.#known);
    this.#known = known;
  }

  add(column: Column, rows: Int32Array, at: number): void {
    if (column.kind !== "string") throw new TypeError(`a string column is needed, not ${column.kind}`);
    this.#validity.add(column.valid, rows, at);
    const { ids, dictionary } = column;
    for (let p = 0; p < rows.length; p++) {
      if (this.#validity.isNull(at + p)) continue;
      const id = ids[rows[p]];
      let known = this.#known[id];
      if (known < 0) {
        known = this.#size++;
        this.#known[id] = known;
        this.#fresh.push(dictionary.text(id));
      }
      this.#ids[at + p] = known;
    }
  }

  take(length: number): WireColumn {
    const strings = this.#fresh;
    const isNew = this.#isNew;
    this.#fresh = [];
    this.#isNew = false;
    return { kind: "string", ids: this.#ids.slice(0, length), valid: this.#validity.take(length), isNew, strings };
  }
}
