import type { DirtyRows } from "./dirty-rows.ts";
import type { SnapshotWriter } from "./snapshot-writer.ts";
import { headRecord, tableRecords } from "./state-log.ts";
import { chosenRows, liveRows, rowBytes, type StateTable } from "./state-table.ts";

/** State that an operator has written, before it has been put into records. */
export class StateCapture {
  readonly #head: Uint8Array<ArrayBuffer>;
  readonly #tables: readonly StateTable[];

  constructor(writer: SnapshotWriter) {
    this.#head = writer.finish();
    this.#tables = writer.tables;
  }

  get headBytes(): number {
    return this.#head.length;
  }

  /** Roughly how many bytes all rows take. */
  get tableBytes(): number {
    return this.#tables.reduce((sum, table) => sum + liveRows(table) * rowBytes(table), 0);
  }

  /** Roughly how many bytes the rows take that have changed. */
  get dirtyBytes(): number {
    // Tables may share their marks.
    const counted = new Map<DirtyRows, number>();
    let bytes = 0;
    for (const table of this.#tables) {
      const count = counted.get(table.dirty) ?? table.dirty.count(table.rows);
      counted.set(table.dirty, count);
      bytes += count * rowBytes(table);
    }
    return bytes;
  }

  /**
   * The records of all rows, or of those that have changed since this was last called; no row counts as changed from now
   * on. Each is made when it is asked for: when rows may change meanwhile, they have to be asked for again.
   */
  rows(all: boolean): Generator<Uint8Array<ArrayBuffer>> {
    // Tables may share their marks.
    const taken = new Map<DirtyRows, Int32Array | null>();
    for (const table of this.#tables) if (!taken.has(table.dirty)) taken.set(table.dirty, takeRows(table, all));
    return records(this.#tables.map((table) => ({ table, rows: taken.get(table.dirty) ?? null })));
  }

  /** The record that ends the snapshot. */
  end(): Uint8Array<ArrayBuffer> {
    return headRecord(this.#head, this.#tables);
  }
}

/** null: all. */
function takeRows(table: StateTable, all: boolean): Int32Array | null {
  const { dirty, rows, pool } = table;
  if (!all) return dirty.take(rows);
  dirty.clear();
  return chosenRows(pool, rows);
}

function* records(chosen: readonly { readonly table: StateTable; readonly rows: Int32Array | null }[]): Generator<Uint8Array<ArrayBuffer>> {
  for (const { table, rows } of chosen) yield* tableRecords(table, rows);
}
