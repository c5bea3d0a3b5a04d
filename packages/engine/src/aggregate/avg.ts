import type { Column } from "../column/column.ts";
import type { ColumnBuilder } from "../column/column-builder.ts";
import type { RestoredTable } from "../state/restored-table.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import type { StateColumn } from "../state/state-table.ts";
import type { Accumulator } from "./accumulator.ts";
import { CompensatedSums, subtractFrom } from "./compensated-sums.ts";
import { RunningSum } from "./running-sum.ts";
import type { RunningTotal } from "./running-totals.ts";

/** The mean as a double; NULL over nothing. */
export class AvgAccumulator implements Accumulator {
  readonly #sums: CompensatedSums;
  readonly subtract: Accumulator["subtract"];
  readonly running: RunningTotal | null;

  /** `whole`: the values are whole numbers. */
  constructor(whole: boolean) {
    this.#sums = new CompensatedSums(whole);
    this.subtract = subtractFrom(this.#sums, whole);
    this.running = whole ? new RunningSum(this.#sums, "mean") : null;
  }

  get slotBytes(): number {
    return this.#sums.slotBytes;
  }

  reserve(slots: number): void {
    this.#sums.reserve(slots);
  }

  add(slots: Int32Array, rows: Int32Array, count: number, column: Column | null): void {
    this.#sums.add(slots, rows, count, column);
  }

  merge(into: Int32Array, from: Int32Array, count: number): void {
    this.#sums.combine(into, from, count, 1);
  }

  clear(slots: Int32Array, count: number): void {
    this.#sums.clear(slots, count);
  }

  write(slots: Int32Array, from: number, to: number, into: ColumnBuilder, row: number): void {
    for (let p = from; p < to; p++) {
      const count = this.#sums.count(slots[p]);
      into.set(row + p - from, count === 0 ? null : this.#sums.total(slots[p]) / count);
    }
  }

  get columns(): readonly StateColumn[] {
    return this.#sums.columns;
  }

  adopt(table: RestoredTable, first: number): void {
    this.#sums.adopt(table, first);
  }

  snapshot(writer: SnapshotWriter, slots: Int32Array, count: number): void {
    this.#sums.snapshot(writer, slots, count);
  }

  restore(reader: SnapshotReader, slots: Int32Array, count: number): void {
    this.#sums.restore(reader, slots, count);
  }
}
