import type { Column } from "../column/column.ts";
import { type ColumnBuilder, NumberColumnBuilder } from "../column/column-builder.ts";
import type { RestoredTable } from "../state/restored-table.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import type { StateColumn } from "../state/state-table.ts";
import type { Accumulator } from "./accumulator.ts";
import { RunningCount } from "./running-count.ts";
import { SlotCounts } from "./slot-counts.ts";
import { gather } from "./slot-values.ts";

/** Counts records, or the values that are not NULL; 0 for none. */
export class CountAccumulator implements Accumulator {
  readonly slotBytes = 4;
  readonly #counts = new SlotCounts();
  readonly running = new RunningCount(this.#counts);

  reserve(slots: number): void {
    this.#counts.reserve(slots);
  }

  add(slots: Int32Array, rows: Int32Array, count: number, column: Column | null): void {
    const counts = this.#counts.open(count);
    const valid = column === null ? null : column.valid;
    if (valid === null) for (let p = 0; p < count; p++) counts[slots[p]]++;
    else for (let p = 0; p < count; p++) counts[slots[p]] += valid[rows[p]] === 0 ? 0 : 1;
  }

  addToOne(slot: number, rows: Int32Array, from: number, to: number, column: Column | null): void {
    const valid = column === null ? null : column.valid;
    let more = to - from;
    if (valid !== null) for (let p = from; p < to; p++) if (valid[rows[p]] === 0) more--;
    this.#counts.open(more)[slot] += more;
  }

  merge(into: Int32Array, from: Int32Array, count: number): void {
    this.#counts.addAll(into, from, count, 1);
  }

  subtract(into: Int32Array, from: Int32Array, count: number): void {
    this.#counts.addAll(into, from, count, -1);
  }

  clear(slots: Int32Array, count: number): void {
    this.#counts.clear(slots, count);
  }

  write(slots: Int32Array, from: number, to: number, into: ColumnBuilder, row: number): void {
    const counts = this.#counts.column;
    if (into instanceof NumberColumnBuilder) for (let p = from; p < to; p++) into.setNumber(row + p - from, counts[slots[p]]);
    else for (let p = from; p < to; p++) into.set(row + p - from, counts[slots[p]]);
  }

  get columns(): readonly StateColumn[] {
    return [this.#counts.column];
  }

  adopt(table: RestoredTable, first: number): void {
    this.#counts.adopt(table, first);
  }

  snapshot(writer: SnapshotWriter, slots: Int32Array, count: number): void {
    writer.f64Array(gather(this.#counts.column, slots, count));
  }

  restore(reader: SnapshotReader, slots: Int32Array, count: number): void {
    const counts = reader.f64Array();
    for (let p = 0; p < count; p++) this.#counts.set(slots[p], counts[p]);
  }
}
