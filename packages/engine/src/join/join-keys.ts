import { type Batch, columnAt, maxBatchRows } from "../column/batch.ts";
import type { Column } from "../column/column.ts";
import type { JoinInputs } from "../plan/join-operator.ts";
import { grownInt32 } from "../state/grown-array.ts";
import { KeyTable } from "../state/key-table.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import { fieldIndex, type StreamType } from "../types/stream-type.ts";

/** Which input of a join. */
export type Side = 0 | 1;

/** The id that stands for a key with a NULL in it, which equals no other. */
export const nullKey = -1;

const released = -1;
const noTimes = new Float64Array(0);
const everyRow = Int32Array.from({ length: maxBatchRows }, (_, row) => row);

/**
 * The keys of both inputs of a join: equal keys have one id, whichever side they come from. A key lives as long as rows
 * refer to it. Where NULL matches NULL, it is a value like any other and there is no `nullKey`.
 */
export class JoinKeys {
  readonly #table: KeyTable;
  /** By side: indexes of the key columns. */
  readonly #columns: readonly (readonly number[])[];
  readonly #nullsMatch: boolean;
  /** By id: rows that have it. */
  #references: Int32Array = new Int32Array(16);
  readonly #isNull = new Uint8Array(maxBatchRows);
  readonly #rows = new Int32Array(maxBatchRows);
  readonly #ids = new Int32Array(maxBatchRows);

  constructor({ on, nullsMatch }: Pick<JoinInputs<unknown>, "on" | "nullsMatch">, left: StreamType, right: StreamType) {
    this.#nullsMatch = nullsMatch === true;
    const lefts = on.map((key) => keyIndex(left, key.left));
    this.#columns = [lefts, on.map((key) => keyIndex(right, key.right))];
    this.#table = new KeyTable(lefts.map((index) => ({ index, type: left.fields[index].type })));
  }

  /** Keys known. */
  get size(): number {
    return this.#table.size;
  }

  /** All ids are below this. */
  get capacity(): number {
    return this.#table.capacity;
  }

  /** Approximate bytes held. */
  get bytes(): number {
    return this.#table.bytes + this.#references.byteLength;
  }

  /** The key ids of `rows[0…count)` of a batch of a side, into `into`; `nullKey` where a part of the key is NULL. `columns`: where the key is, if not where it is in the input. */
  assign(side: Side, batch: Batch, rows: Int32Array, count: number, into: Int32Array, columns = this.#columns[side]): void {
    const known = this.#withoutNulls(columns, batch, rows, count);
    this.#table.assign(batch, this.#rows, known, this.#ids, columns);
    this.#references = grownInt32(this.#references, this.#table.capacity);
    for (let p = 0, next = 0; p < count; p++) {
      into[p] = this.#isNull[p] === 1 ? nullKey : this.#ids[next++];
      if (into[p] !== nullKey && this.#references[into[p]] === released) this.#references[into[p]] = 0;
    }
  }

  /**
   * As `assign`, of known keys alone: `nullKey` for others too. `columnOf` gives the values of a field at `rows[0…count)`, which are
   * below `maxBatchRows`.
   */
  find(side: Side, columnOf: (field: number) => Column, count: number, into: Int32Array, rows = everyRow): void {
    const columns = this.#columns[side].map(columnOf);
    this.#table.find(columns, rows, count, into);
    this.#markNulls(columns, rows, count, into);
  }

  /** As `find`, but keys that are not known are registered; to be retained or released. */
  register(side: Side, columnOf: (field: number) => Column, count: number, into: Int32Array): void {
    const columns = this.#columns[side].map(columnOf);
    const batch = { length: count, selection: null, selected: count, columns, time: noTimes, kinds: null };
    this.assign(side, batch, everyRow, count, into, [...columns.keys()]);
  }

  #markNulls(columns: readonly Column[], rows: Int32Array, count: number, into: Int32Array): void {
    if (this.#nullsMatch) return;
    for (const { valid } of columns) if (valid !== null) for (let p = 0; p < count; p++) if (valid[rows[p]] === 0) into[p] = nullKey;
  }

  /** Drops those of `rows[0…count)` that have a NULL in their key; returns how many are left. */
  dropNulls(side: Side, batch: Batch, rows: Int32Array, count: number): number {
    const known = this.#withoutNulls(this.#columns[side], batch, rows, count);
    rows.set(this.#rows.subarray(0, known));
    return known;
  }

  /** A key as text, the same for equal keys alone. */
  text(key: number): string {
    return this.#table.text(key);
  }

  /** What stands for `nullKey` where keys are texts: it is of no other key, unless NULL matches NULL. */
  get nullText(): string {
    return `k${JSON.stringify(this.#columns[0].map(() => null))}`;
  }

  /** The key of a text, registered when it is new; to be retained or released. */
  idOf(text: string): number {
    if (!this.#nullsMatch && text === this.nullText) return nullKey;
    const key = this.#table.idOf(text);
    this.#references = grownInt32(this.#references, this.#table.capacity);
    if (this.#references[key] === released) this.#references[key] = 0;
    return key;
  }

  /** Does `change`, in which rows of a key may go, without forgetting the key. */
  keeping(key: number, change: () => void): void {
    this.#references[key]++;
    change();
    this.#references[key]--;
  }

  /** Forgets a key to which no row refers. */
  releaseIfUnused(key: number): void {
    if (this.#references[key] === 0) this.#release(key);
  }

  /** A row with this key is kept; does nothing for `nullKey`. */
  retain(key: number): void {
    if (key === nullKey) return;
    this.#references = grownInt32(this.#references, key + 1);
    this.#references[key]++;
  }

  /** A row with this key has gone. */
  drop(key: number): void {
    if (key !== nullKey && --this.#references[key] === 0) this.#release(key);
  }

  /** Forgets a key of a snapshot that no restored row has. */
  forgetUnused(key: number): void {
    this.retain(key);
    this.drop(key);
  }

  /** Forgets those of `keys[0…count)` that no row refers to. */
  releaseUnused(keys: Int32Array, count: number): void {
    for (let p = 0; p < count; p++) if (keys[p] !== nullKey && this.#references[keys[p]] === 0) this.#release(keys[p]);
  }

  /** Plain value of part `part` of a key. */
  value(key: number, part: number): number | boolean | string | null {
    return this.#table.value(key, part);
  }

  /** References are counted anew by those who restore the rows. */
  snapshot(writer: SnapshotWriter): void {
    this.#table.snapshot(writer);
  }

  restore(reader: SnapshotReader): void {
    this.#table.restore(reader);
  }

  #release(key: number): void {
    this.#references[key] = released;
    this.#table.release(key);
  }

  /** Leaves the rows without a NULL in their key in `#rows`; returns how many there are. */
  #withoutNulls(columns: readonly number[], batch: Batch, rows: Int32Array, count: number): number {
    this.#isNull.fill(0, 0, count);
    for (const index of this.#nullsMatch ? [] : columns) {
      const { valid } = columnAt(batch, index);
      if (valid !== null) for (let p = 0; p < count; p++) if (valid[rows[p]] === 0) this.#isNull[p] = 1;
    }
    let known = 0;
    for (let p = 0; p < count; p++) if (this.#isNull[p] === 0) this.#rows[known++] = rows[p];
    return known;
  }
}

function keyIndex(type: StreamType, name: string): number {
  const index = fieldIndex(type, name);
  if (index < 0) throw new Error(`the input has no key field ${name}`);
  return index;
}
