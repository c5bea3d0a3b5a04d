import type { Column } from "../column/column.ts";
import type { ColumnBuilder } from "../column/column-builder.ts";
import { grownFloat64, grownUint8 } from "../state/grown-array.ts";
import type { RestoredTable } from "../state/restored-table.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import type { StateColumn } from "../state/state-table.ts";
import type { Accumulator } from "./accumulator.ts";
import { gather, scatter } from "./slot-values.ts";

/** The least or the greatest number; NULL over nothing. NaN is greater than all others. */
export class NumberExtremes implements Accumulator {
  readonly slotBytes = 9;
  readonly subtract = null;
  readonly #greatest: boolean;
  #values: Float64Array = new Float64Array(16);
  #filled: Uint8Array = new Uint8Array(16);

  constructor(which: "least" | "greatest") {
    this.#greatest = which === "greatest";
  }

  reserve(slots: number): void {
    this.#values = grownFloat64(this.#values, slots);
    this.#filled = grownUint8(this.#filled, slots);
  }

  add(slots: Int32Array, rows: Int32Array, count: number, column: Column | null): void {
    if (column?.kind !== "number") throw new TypeError("a number column is needed");
    const { values, valid } = column;
    for (let p = 0; p < count; p++) {
      const row = rows[p];
      if (valid === null || valid[row] !== 0) this.#offer(slots[p], values[row]);
    }
  }

  addToOne(slot: number, rows: Int32Array, from: number, to: number, column: Column | null): void {
    if (column?.kind !== "number") throw new TypeError("a number column is needed");
    const { values, valid } = column;
    let held = this.#filled[slot] === 1 ? this.#values[slot] : Number.NaN;
    const greatest = this.#greatest;
    for (let p = from; p < to; p++) {
      // Most are no better, and need no further look; NaN is none of these.
      if (greatest) while (p < to && values[rows[p]] <= held) p++;
      else while (p < to && values[rows[p]] >= held) p++;
      if (p === to) break;
      const row = rows[p];
      if (valid !== null && valid[row] === 0) continue;
      this.#offer(slot, values[row]);
      held = this.#values[slot];
    }
  }

  merge(into: Int32Array, from: Int32Array, count: number): void {
    for (let p = 0; p < count; p++) if (this.#filled[from[p]] === 1) this.#offer(into[p], this.#values[from[p]]);
  }

  clear(slots: Int32Array, count: number): void {
    for (let p = 0; p < count; p++) this.#filled[slots[p]] = 0;
  }

  write(slots: Int32Array, from: number, to: number, into: ColumnBuilder, row: number): void {
    for (let p = from; p < to; p++) into.set(row + p - from, this.#filled[slots[p]] === 1 ? this.#values[slots[p]] : null);
  }

  get columns(): readonly StateColumn[] {
    return [this.#values, this.#filled];
  }

  adopt(table: RestoredTable, first: number): void {
    this.#values = table.f64(first);
    this.#filled = table.u8(first + 1);
  }

  snapshot(writer: SnapshotWriter, slots: Int32Array, count: number): void {
    writer.f64Array(gather(this.#values, slots, count));
    writer.u8Array(Uint8Array.from({ length: count }, (_, p) => this.#filled[slots[p]]));
  }

  restore(reader: SnapshotReader, slots: Int32Array, count: number): void {
    scatter(reader.f64Array(), slots, count, this.#values);
    const filled = reader.u8Array();
    for (let p = 0; p < count; p++) this.#filled[slots[p]] = filled[p];
  }

  #offer(slot: number, value: number): void {
    if (this.#filled[slot] === 1) {
      const held = this.#values[slot];
      const better = this.#greatest ? value > held || Number.isNaN(value) : value < held || Number.isNaN(held);
      if (!better) return;
    }
    this.#filled[slot] = 1;
    // Adding 0 makes -0 the same as 0, so that the order of arrival does not show.
    this.#values[slot] = value + 0;
  }
}
