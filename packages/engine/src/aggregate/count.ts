import type { Column } from "../column/column.ts";
import type { ColumnBuilder } from "../column/column-builder.ts";
import { grownFloat64 } from "../state/grown-array.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import type { Accumulator } from "./accumulator.ts";
import { gather, scatter } from "./slot-values.ts";

/** Counts records, or the values that are not NULL; 0 for none. */
export class CountAccumulator implements Accumulator {
  readonly slotBytes = 8;
  #counts: Float64Array = new Float64Array(16);

  reserve(slots: number): void {
    this.#counts = grownFloat64(this.#counts, slots);
  }

  add(slots: Int32Array, rows: Int32Array, count: number, column: Column | null): void {
    const counts = this.#counts;
    const valid = column === null ? null : column.valid;
    if (valid === null) for (let p = 0; p < count; p++) counts[slots[p]]++;
    else for (let p = 0; p < count; p++) counts[slots[p]] += valid[rows[p]] === 0 ? 0 : 1;
  }

  merge(into: Int32Array, from: Int32Array, count: number): void {
    const counts = this.#counts;
    for (let p = 0; p < count; p++) counts[into[p]] += counts[from[p]];
  }

  subtract(into: Int32Array, from: Int32Array, count: number): void {
    const counts = this.#counts;
    for (let p = 0; p < count; p++) counts[into[p]] -= counts[from[p]];
  }

  clear(slots: Int32Array, count: number): void {
    for (let p = 0; p < count; p++) this.#counts[slots[p]] = 0;
  }

  write(slots: Int32Array, from: number, to: number, into: ColumnBuilder, row: number): void {
    for (let p = from; p < to; p++) into.set(row + p - from, this.#counts[slots[p]]);
  }

  snapshot(writer: SnapshotWriter, slots: Int32Array, count: number): void {
    writer.f64Array(gather(this.#counts, slots, count));
  }

  restore(reader: SnapshotReader, slots: Int32Array, count: number): void {
    scatter(reader.f64Array(), slots, count, this.#counts);
  }
}
