import type { Column } from "../column/column.ts";
import { grownFloat64 } from "../state/grown-array.ts";
import type { RestoredTable } from "../state/restored-table.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import type { StateColumn } from "../state/state-table.ts";
import { SlotCounts } from "./slot-counts.ts";
import { gather, scatter } from "./slot-values.ts";

/**
 * Sums of numbers by slot, with the rounding errors kept beside them (Neumaier 1974, with the branch-free
 * two-sum of Knuth). The total of decimals of common size is the double nearest to the true sum, whatever
 * the order and grouping of its parts; sums of whole numbers are exact far beyond 2^53 and can be subtracted
 * again without a trace. A sum that overflows stays infinite or NaN.
 */
export class CompensatedSums {
  readonly slotBytes = 20;
  #sums: Float64Array = new Float64Array(16);
  #errors: Float64Array = new Float64Array(16);
  readonly #counts = new SlotCounts();

  reserve(slots: number): void {
    this.#sums = grownFloat64(this.#sums, slots);
    this.#errors = grownFloat64(this.#errors, slots);
    this.#counts.reserve(slots);
  }

  add(slots: Int32Array, rows: Int32Array, count: number, column: Column | null): void {
    if (column?.kind !== "number") throw new TypeError("a number column is needed");
    const { values, valid } = column;
    const sums = this.#sums;
    const errors = this.#errors;
    const counts = this.#counts.open(count);
    for (let p = 0; p < count; p++) {
      const row = rows[p];
      if (valid !== null && valid[row] === 0) continue;
      const slot = slots[p];
      const value = values[row];
      const before = sums[slot];
      const sum = before + value;
      const added = sum - before;
      sums[slot] = sum;
      errors[slot] += before - (sum - added) + (value - added);
      counts[slot]++;
    }
  }

  /** As `add`, with all of `rows[from…to)` for one slot. */
  addToOne(slot: number, rows: Int32Array, from: number, to: number, column: Column | null): void {
    if (column?.kind !== "number") throw new TypeError("a number column is needed");
    const { values, valid } = column;
    let sum = this.#sums[slot];
    let error = this.#errors[slot];
    let count = 0;
    for (let p = from; p < to; p++) {
      const row = rows[p];
      if (valid !== null && valid[row] === 0) continue;
      const value = values[row];
      const before = sum;
      sum = before + value;
      const added = sum - before;
      error += before - (sum - added) + (value - added);
      count++;
    }
    this.#sums[slot] = sum;
    this.#errors[slot] = error;
    this.#counts.open(count)[slot] += count;
  }

  /** `sign`: 1 merges, -1 takes out again. */
  combine(into: Int32Array, from: Int32Array, count: number, sign: 1 | -1): void {
    const sums = this.#sums;
    const errors = this.#errors;
    for (let p = 0; p < count; p++) {
      const target = into[p];
      const source = from[p];
      const value = sign * sums[source];
      const before = sums[target];
      const sum = before + value;
      const added = sum - before;
      sums[target] = sum;
      errors[target] += before - (sum - added) + (value - added) + sign * errors[source];
    }
    this.#counts.addAll(into, from, count, sign);
  }

  clear(slots: Int32Array, count: number): void {
    for (let p = 0; p < count; p++) {
      this.#sums[slots[p]] = 0;
      this.#errors[slots[p]] = 0;
      this.#counts.set(slots[p], 0);
    }
  }

  /** How many values a slot has summed. */
  count(slot: number): number {
    return this.#counts.get(slot);
  }

  /** The sum of a slot, rounded to a double. */
  total(slot: number): number {
    const sum = this.#sums[slot];
    return Number.isFinite(sum) ? sum + this.#errors[slot] : sum;
  }

  get columns(): readonly StateColumn[] {
    return [this.#sums, this.#errors, this.#counts.column];
  }

  adopt(table: RestoredTable, first: number): void {
    this.#sums = table.f64(first);
    this.#errors = table.f64(first + 1);
    this.#counts.adopt(table, first + 2);
  }

  snapshot(writer: SnapshotWriter, slots: Int32Array, count: number): void {
    writer.f64Array(gather(this.#sums, slots, count));
    writer.f64Array(gather(this.#errors, slots, count));
    writer.f64Array(gather(this.#counts.column, slots, count));
  }

  restore(reader: SnapshotReader, slots: Int32Array, count: number): void {
    scatter(reader.f64Array(), slots, count, this.#sums);
    scatter(reader.f64Array(), slots, count, this.#errors);
    const counts = reader.f64Array();
    for (let p = 0; p < count; p++) this.#counts.set(slots[p], counts[p]);
  }
}

/** Sums of whole numbers can be subtracted without a trace, others cannot. */
export function subtractFrom(sums: CompensatedSums, whole: boolean): ((into: Int32Array, from: Int32Array, count: number) => void) | null {
  return whole ? (into, from, count) => sums.combine(into, from, count, -1) : null;
}
