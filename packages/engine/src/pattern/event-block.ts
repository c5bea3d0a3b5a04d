import { maxBatchRows } from "../column/batch.ts";
import type { Column } from "../column/column.ts";
import { readColumn, writeColumn } from "../state/column-codec.ts";
import { grownFloat64, grownInt32, grownUint8 } from "../state/grown-array.ts";
import type { KeyField, KeyTable } from "../state/key-table.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import type { Field } from "../types/field-type.ts";
import { EventColumn } from "./event-column.ts";
import type { TakenColumn } from "./taken-column.ts";

const noKey = -1;

/** Looks up keys that columns hold at `rows[0…count)`: their ids go into `into`, -1 of those that no state knows. */
export type FindKeys = (columns: readonly Column[], rows: Int32Array, count: number, into: Int32Array) => void;

/** Events as they are put into a block, by column. */
export interface EventRows {
  readonly time: Float64Array;
  /** Of the fields that are kept. */
  readonly kept: readonly Column[];
  /** Of the fields of the key. */
  readonly key: readonly Column[];
  /** By row * conditions + condition. */
  readonly marks: Uint8Array;
  /** By row: 1 where the event can begin a match. */
  readonly begins: Uint8Array;
  /** By row: ids of keys, of events that can begin a match. */
  readonly keys: Int32Array;
}

/** Up to `maxBatchRows` events in order of time, read from the front. Only of events that can begin a match is the key known from the start. */
export class EventBlock {
  /** The how-manieth block it is: its events came behind those of all blocks before it. */
  number = 0;
  readonly id: number;
  readonly #conditions: number;
  readonly #kept: readonly EventColumn[];
  readonly #key: readonly EventColumn[];
  time: Float64Array = new Float64Array(0);
  keys: Int32Array = new Int32Array(0);
  begins: Uint8Array = new Uint8Array(0);
  #marks: Uint8Array = new Uint8Array(0);
  /** The first event that has not been read, and one behind the last. */
  head = 0;
  count = 0;
  /** Whether the marks of conditions over what a run has taken say what they answer for one that has taken nothing. */
  answersAtStart = true;
  /** The keys of the events before this one have been looked up. */
  #found = 0;

  constructor(id: number, conditions: number, kept: readonly Field[], key: readonly KeyField[]) {
    this.id = id;
    this.#conditions = conditions;
    this.#kept = kept.map(({ type }) => new EventColumn(type));
    this.#key = key.map(({ type }) => new EventColumn(type));
  }

  /** Approximate bytes held. */
  get bytes(): number {
    const own = this.time.byteLength + this.keys.byteLength + this.begins.byteLength + this.#marks.byteLength;
    return [...this.#kept, ...this.#key].reduce((sum, column) => sum + column.bytes, own);
  }

  /** Whether so many events can be put behind those that are there. */
  takes(events: EventRows, firstRow: number, count: number): boolean {
    if (this.count + count > maxBatchRows) return false;
    if (this.count > 0 && events.time[firstRow] < this.time[this.count - 1]) return false;
    return this.#kept.every((column, i) => column.takes(events.kept[i])) && this.#key.every((column, i) => column.takes(events.key[i]));
  }

  /** Puts the events at `rows[0…count)`, which are in order of time, behind those that are there. */
  append(events: EventRows, rows: Int32Array, count: number): void {
    const at = this.count;
    this.#kept.forEach((column, i) => {
      column.append(events.kept[i], rows, count, at);
    });
    this.#key.forEach((column, i) => {
      column.append(events.key[i], rows, count, at);
    });
    this.time = grownFloat64(this.time, at + count);
    this.keys = grownInt32(this.keys, at + count);
    this.begins = grownUint8(this.begins, at + count);
    this.#marks = grownUint8(this.#marks, (at + count) * this.#conditions);
    const [time, keys, begins, marks, conditions] = [this.time, this.keys, this.begins, this.#marks, this.#conditions];
    for (let i = 0; i < count; i++) {
      const row = rows[i];
      time[at + i] = events.time[row];
      begins[at + i] = events.begins[row];
      keys[at + i] = events.begins[row] === 1 ? events.keys[row] : noKey;
      for (let c = 0; c < conditions; c++) marks[(at + i) * conditions + c] = events.marks[row * conditions + c];
    }
    this.count = at + count;
  }

  isMarked(row: number, condition: number): boolean {
    return this.#marks[row * this.#conditions + condition] === 1;
  }

  /** The kept values of an event, plain. */
  values(row: number): unknown[] {
    return this.#kept.map((column) => column.value(row));
  }

  /** One of them. */
  value(field: number, row: number): unknown {
    return this.#kept[field].value(row);
  }

  /** Puts the kept values of an event into columns by event, one per kept field. */
  give(row: number, into: readonly TakenColumn[], event: number): void {
    for (let i = 0; i < into.length; i++) this.#kept[i].give(row, into[i], event);
  }

  /** By condition: the marks of an event. */
  marksOf(row: number): Uint8Array {
    return this.#marks.slice(row * this.#conditions, (row + 1) * this.#conditions);
  }

  /** The columns of the fields of the key, in arrays that the next `append` may write. */
  get keyColumns(): readonly Column[] {
    return this.#key.map((column) => column.column());
  }

  /** Looks up the keys of the events that have at most this time, as far as they are known yet; -1 for others. */
  findKeys(find: FindKeys, untilMs: number, rows: Int32Array, found: Int32Array): void {
    let count = 0;
    let row = Math.max(this.#found, this.head);
    for (; row < this.count && this.time[row] <= untilMs; row++) if (this.begins[row] === 0) rows[count++] = row;
    this.#found = row;
    if (count === 0) return;
    find(this.keyColumns, rows, count, found);
    for (let i = 0; i < count; i++) this.keys[rows[i]] = found[i];
  }

  /** Forgets all events. */
  clear(): void {
    for (const column of this.#kept) column.clear();
    for (const column of this.#key) column.clear();
    this.head = 0;
    this.count = 0;
    this.#found = 0;
    this.answersAtStart = true;
  }

  /** Takes every event to be one that can begin a match. */
  beginAll(table: KeyTable): void {
    const rows = Int32Array.from({ length: this.count }, (_, row) => row);
    const columns = this.keyColumns;
    const batch = { length: this.count, selection: null, selected: this.count, columns, time: this.time, kinds: null };
    table.assign(batch, rows, this.count, this.keys, [...columns.keys()]);
    this.begins.fill(1);
  }

  /** Writes all events, those that have been read too: their times tell them apart. */
  snapshot(writer: SnapshotWriter): void {
    writer.boolean(this.answersAtStart);
    writer.f64Array(this.time, this.count);
    writer.i32Array(this.keys, this.count);
    writer.u8Array(this.begins, this.count);
    writer.u8Array(this.#marks, this.count * this.#conditions);
    for (const column of [...this.#kept, ...this.#key]) writeColumn(writer, column.column(), this.count);
  }
}

/** Reads what `EventBlock.snapshot` wrote. */
export function readEventRows(
  reader: SnapshotReader,
  kept: number,
  key: number,
): EventRows & { readonly count: number; readonly answersAtStart: boolean } {
  const answersAtStart = reader.boolean();
  const time = reader.f64Array();
  const keys = reader.i32Array();
  const begins = reader.u8Array();
  const marks = reader.u8Array();
  const columns = Array.from({ length: kept + key }, () => readColumn(reader).column);
  return { time, keys, begins, marks, kept: columns.slice(0, kept), key: columns.slice(kept), count: time.length, answersAtStart };
}
