import type { Column } from "../column/column.ts";
import type { ColumnBuilder } from "../column/column-builder.ts";
import { grownFloat64 } from "../state/grown-array.ts";
import type { RestoredTable } from "../state/restored-table.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import type { StateColumn } from "../state/state-table.ts";
import type { Accumulator } from "./accumulator.ts";
import { gather, scatter } from "./slot-values.ts";

/**
 * The standard deviation of a sample or of a population, by the mean and the sum of squared distances from it, which
 * are updated and merged without cancellation (Welford 1962; Chan, Golub, LeVeque 1979). NULL over nothing; of a sample
 * also over a single value.
 */
export class StddevAccumulator implements Accumulator {
  readonly slotBytes = 24;
  readonly subtract = null;
  readonly #sample: boolean;
  #counts: Float64Array = new Float64Array(16);
  #means: Float64Array = new Float64Array(16);
  #squares: Float64Array = new Float64Array(16);

  constructor(of: "sample" | "population") {
    this.#sample = of === "sample";
  }

  reserve(slots: number): void {
    this.#counts = grownFloat64(this.#counts, slots);
    this.#means = grownFloat64(this.#means, slots);
    this.#squares = grownFloat64(this.#squares, slots);
  }

  add(slots: Int32Array, rows: Int32Array, count: number, column: Column | null): void {
    if (column?.kind !== "number") throw new TypeError("a number column is needed");
    const { values, valid } = column;
    for (let p = 0; p < count; p++) {
      const row = rows[p];
      if (valid !== null && valid[row] === 0) continue;
      const slot = slots[p];
      const distance = values[row] - this.#means[slot];
      const n = ++this.#counts[slot];
      this.#means[slot] += distance / n;
      this.#squares[slot] += distance * (values[row] - this.#means[slot]);
    }
  }

  merge(into: Int32Array, from: Int32Array, count: number): void {
    for (let p = 0; p < count; p++) {
      const [target, source] = [into[p], from[p]];
      const [before, added] = [this.#counts[target], this.#counts[source]];
      if (added === 0) continue;
      const n = before + added;
      const distance = this.#means[source] - this.#means[target];
      this.#squares[target] += this.#squares[source] + (distance * distance * before * added) / n;
      this.#means[target] += (distance * added) / n;
      this.#counts[target] = n;
    }
  }

  clear(slots: Int32Array, count: number): void {
    for (let p = 0; p < count; p++) {
      this.#counts[slots[p]] = 0;
      this.#means[slots[p]] = 0;
      this.#squares[slots[p]] = 0;
    }
  }

  write(slots: Int32Array, from: number, to: number, into: ColumnBuilder, row: number): void {
    for (let p = from; p < to; p++) {
      const degrees = this.#counts[slots[p]] - (this.#sample ? 1 : 0);
      into.set(row + p - from, degrees <= 0 ? null : Math.sqrt(this.#squares[slots[p]] / degrees));
    }
  }

  get columns(): readonly StateColumn[] {
    return [this.#counts, this.#means, this.#squares];
  }

  adopt(table: RestoredTable, first: number): void {
    this.#counts = table.f64(first);
    this.#means = table.f64(first + 1);
    this.#squares = table.f64(first + 2);
  }

  snapshot(writer: SnapshotWriter, slots: Int32Array, count: number): void {
    for (const values of [this.#counts, this.#means, this.#squares]) writer.f64Array(gather(values, slots, count));
  }

  restore(reader: SnapshotReader, slots: Int32Array, count: number): void {
    for (const values of [this.#counts, this.#means, this.#squares]) scatter(reader.f64Array(), slots, count, values);
  }
}
