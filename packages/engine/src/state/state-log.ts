import { SnapshotReader } from "./snapshot-reader.ts";
import { SnapshotWriter } from "./snapshot-writer.ts";
import { type ColumnTable, type RestoredRows, rowBytes, type StateColumn, type StateTable } from "./state-table.ts";

/**
 * The state of an operator as a log of records, to be read from the start: rows of tables, and heads, which end a
 * snapshot. What a later record says of a row counts, and the last head says which tables there are. So a snapshot of
 * all rows may be written while rows change, as long as the rows that changed meanwhile follow it before the head;
 * and a later snapshot is the same log with the changed rows and another head behind it.
 *
 * The first number of a log is never 1, by which state of before there were logs is known.
 */
const recordKinds = { columns: 2, opaque: 3, head: 4 } as const;
/** Rows of an opaque table in one record. */
const opaqueRowsPerRecord = 4096;
/** Roughly the bytes of a record, so that one is a chunk. */
const recordBytes = 1_000_000;
/** Rows of one record when they are picked from among others, which costs a trip to memory for every column of each. */
const pickedRowsPerRecord = 2048;

/** A restored operator's state before it has been read. */
export interface StateImage {
  readonly head: Uint8Array;
  readonly tables: ReadonlyMap<string, LogTable>;
}

/** A table as the records of a log have left it. */
export interface LogTable {
  columns: StateColumn[];
  readonly texts: (string | null)[];
  readonly patches: RestoredRows[];
  /** By the last head. */
  rows: number;
}

/** The records that say what `rows` (null: all) of a table hold, each made when it is asked for. */
export function* tableRecords(table: StateTable, rows: Int32Array | null): Generator<Uint8Array<ArrayBuffer>> {
  const count = rows === null ? table.rows : rows.length;
  const most = table.kind === "opaque" ? opaqueRowsPerRecord : Math.floor(recordBytes / rowBytes(table));
  const rowsPerRecord = rows === null ? most : Math.min(most, pickedRowsPerRecord);
  for (let from = 0; from < count; from += rowsPerRecord) {
    const to = Math.min(count, from + rowsPerRecord);
    yield table.kind === "columns" ? columnRecord(table, rows, from, to) : opaqueRecord(table, rows, from, to);
  }
}

/** The record that ends a snapshot. */
export function headRecord(head: Uint8Array, tables: readonly StateTable[]): Uint8Array<ArrayBuffer> {
  const writer = new SnapshotWriter(head.length + 64 + tables.length * 48);
  writer.u32(recordKinds.head);
  writer.u32(tables.length);
  for (const { name, rows } of tables) {
    writer.string(name);
    writer.u32(rows);
  }
  writer.bytes(head);
  return writer.finish();
}

/** False for the state of an operator as it was written before there were logs. */
export function isStateLog(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && bytes[0] !== 1;
}

/** Reads a log. */
export function replayLog(bytes: Uint8Array): StateImage {
  const reader = new SnapshotReader(bytes);
  const tables = new Map<string, LogTable>();
  let head: Uint8Array | null = null;
  while (reader.remaining > 0) {
    const kind = reader.u32();
    if (kind === recordKinds.head) head = readHead(reader, tables);
    else if (kind === recordKinds.columns) readColumns(reader, tableOf(tables, reader.string()));
    else if (kind === recordKinds.opaque) tableOf(tables, reader.string()).patches.push({ rows: reader.i32Array(), bytes: reader.bytes() });
    else throw new Error(`a snapshot has a record of kind ${kind}, which this version does not know`);
  }
  if (head === null) throw new Error("a snapshot has no end");
  return { head, tables };
}

function columnRecord(table: ColumnTable, rows: Int32Array | null, from: number, to: number): Uint8Array<ArrayBuffer> {
  // Rows are ascending: those that came one after the other lie side by side, and need no list.
  if (rows !== null && rows[to - 1] - rows[from] === to - from - 1) return columnRecord(table, null, rows[from], rows[to - 1] + 1);
  const width = table.columns.reduce((sum, column) => sum + column.BYTES_PER_ELEMENT, rows === null ? 0 : 4);
  const writer = new SnapshotWriter(64 + table.name.length * 3 + table.columns.length * 8 + (to - from) * width);
  writer.u32(recordKinds.columns);
  writer.string(table.name);
  writer.u32(table.rows);
  writer.u32(from);
  writer.u32(to - from);
  writer.boolean(rows !== null);
  if (rows !== null) writer.i32Array(rows.subarray(from, to));
  writer.u32(table.columns.length);
  for (const column of table.columns) {
    writer.u32(column.BYTES_PER_ELEMENT);
    if (rows !== null) writer.picked(column, rows, from, to);
    else {
      const values = padded(column, from, to);
      writer.bytes(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    }
  }
  writer.boolean(table.texts !== undefined);
  if (table.texts !== undefined) writeTexts(writer, table.texts, rows, from, to);
  return writer.finish();
}

function opaqueRecord(table: Extract<StateTable, { kind: "opaque" }>, rows: Int32Array | null, from: number, to: number) {
  const chosen = rows === null ? Int32Array.from({ length: to - from }, (_, i) => from + i) : rows.subarray(from, to);
  const held = new SnapshotWriter();
  table.write(held, chosen, chosen.length);
  const writer = new SnapshotWriter(128 + held.length + chosen.byteLength);
  writer.u32(recordKinds.opaque);
  writer.string(table.name);
  writer.i32Array(chosen);
  writer.bytes(held.finish());
  return writer.finish();
}

/** Entries `from…to` of a column; those that it has no room for yet are 0. */
function padded(column: StateColumn, from: number, to: number): StateColumn {
  if (to <= column.length) return column.subarray(from, to);
  const copy = emptyColumn(column.BYTES_PER_ELEMENT, to - from);
  copy.set(column.subarray(Math.min(from, column.length)));
  return copy;
}

function emptyColumn(elementBytes: number, length: number): StateColumn {
  return elementBytes === 8 ? new Float64Array(length) : elementBytes === 4 ? new Int32Array(length) : new Uint8Array(length);
}

/** The texts in one piece, with their lengths in UTF-16 units; -1 is no text. UTF-8 unless that would lose a lone surrogate. */
function writeTexts(writer: SnapshotWriter, texts: readonly (string | null)[], rows: Int32Array | null, from: number, to: number): void {
  const lengths = new Int32Array(to - from);
  const parts: string[] = [];
  for (let i = from; i < to; i++) {
    const text = texts[rows === null ? i : rows[i]] ?? null;
    lengths[i - from] = text === null ? -1 : text.length;
    if (text !== null) parts.push(text);
  }
  const whole = parts.join("");
  writer.i32Array(lengths);
  const wellFormed = whole.isWellFormed();
  writer.boolean(wellFormed);
  if (wellFormed) writer.string(whole);
  else writer.bytes(new Uint8Array(Uint16Array.from({ length: whole.length }, (_, i) => whole.charCodeAt(i)).buffer));
}

function readColumns(reader: SnapshotReader, table: LogTable): void {
  const known = reader.u32();
  const from = reader.u32();
  const count = reader.u32();
  const rows = reader.boolean() ? reader.i32Array() : null;
  const width = reader.u32();
  for (let c = 0; c < width; c++) {
    const elementBytes = reader.u32();
    const bytes = reader.bytes();
    const values = elementBytes === 8 ? new Float64Array(bytes.buffer) : elementBytes === 4 ? new Int32Array(bytes.buffer) : bytes;
    table.columns[c] = grown(table.columns[c] ?? emptyColumn(elementBytes, 0), elementBytes, known);
    const column = table.columns[c];
    if (rows === null) column.set(values, from);
    else for (let i = 0; i < count; i++) column[rows[i]] = values[i];
  }
  if (reader.boolean()) readTexts(reader, table.texts, rows, from);
}

function readTexts(reader: SnapshotReader, texts: (string | null)[], rows: Int32Array | null, from: number): void {
  const lengths = reader.i32Array();
  const whole = reader.boolean() ? reader.string() : textOfUnits(new Uint16Array(reader.bytes().buffer));
  let at = 0;
  lengths.forEach((length, i) => {
    const row = rows === null ? from + i : rows[i];
    while (texts.length <= row) texts.push(null);
    texts[row] = length < 0 ? null : whole.slice(at, at + length);
    at += Math.max(0, length);
  });
}

function textOfUnits(units: Uint16Array): string {
  let text = "";
  for (const unit of units) text += String.fromCharCode(unit);
  return text;
}

/** With room for `rows` and for values of `elementBytes`: columns of counts get wider ones when one outgrows the others. */
function grown(column: StateColumn, elementBytes: number, rows: number): StateColumn {
  if (rows <= column.length && elementBytes <= column.BYTES_PER_ELEMENT) return column;
  const longer = emptyColumn(
    Math.max(elementBytes, column.BYTES_PER_ELEMENT),
    column.length === 0 ? rows : Math.max(rows, column.length * 2),
  );
  longer.set(column);
  return longer;
}

function tableOf(tables: Map<string, LogTable>, name: string): LogTable {
  const known = tables.get(name);
  if (known !== undefined) return known;
  const table: LogTable = { columns: [], texts: [], patches: [], rows: 0 };
  tables.set(name, table);
  return table;
}

/** Takes note of the tables that there are; others are gone with all that was said of them. */
function readHead(reader: SnapshotReader, tables: Map<string, LogTable>): Uint8Array {
  const named = new Set<string>();
  const count = reader.u32();
  for (let i = 0; i < count; i++) {
    const name = reader.string();
    tableOf(tables, name).rows = reader.u32();
    named.add(name);
  }
  for (const name of tables.keys()) if (!named.has(name)) tables.delete(name);
  return reader.bytes();
}
