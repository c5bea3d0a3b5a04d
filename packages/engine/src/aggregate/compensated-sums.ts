import type { Column } from "../column/column.ts";
import { grownFloat64 } from "../state/grown-array.ts";
import type { RestoredTable } from "../state/restored-table.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import type { StateColumn } from "../state/state-table.ts";
import { SlotCounts } from "./slot-counts.ts";
import { gather, scatter } from "./slot-values.ts";

/** Up to here doubles hold all whole numbers, and a sum of doubles says whether it is more. */
const mostExact = Number.MAX_SAFE_INTEGER;
/** In place of errors that are all 0. */
const noErrors = new Float64Array(0);
const allZero = new Uint8Array(0);

/**
 * Sums of numbers by slot, with the rounding errors kept beside them (Neumaier 1974, with the branch-free
 * two-sum of Knuth). The total of decimals of common size is the double nearest to the true sum, whatever
 * the order and grouping of its parts; sums of whole numbers are exact far beyond 2^53 and can be subtracted
 * again without a trace. A sum that overflows stays infinite or NaN.
 *
 * Whole numbers whose magnitudes together are below 2^53 have no rounding errors in any sum of some of them: until then none
 * are kept. A sum holds each number that was added at most once.
 */
export class CompensatedSums {
  #sums: Float64Array = new Float64Array(16);
  /** Empty while `#isExact`. */
  #errors: Float64Array = noErrors;
  /** How many values each slot has summed. */
  readonly counts = new SlotCounts();
  #isExact: boolean;
  /** While `#isExact`: no sum is further from 0. */
  #bound = 0;

  /** `whole`: all values are whole numbers. */
  constructor(whole: boolean) {
    this.#isExact = whole;
    if (!whole) this.#errors = new Float64Array(16);
  }

  get slotBytes(): number {
    return this.#isExact ? 12 : 20;
  }

  reserve(slots: number): void {
    this.#sums = grownFloat64(this.#sums, slots);
    if (!this.#isExact) this.#errors = grownFloat64(this.#errors, slots);
    this.counts.reserve(slots);
  }

  add(slots: Int32Array, rows: Int32Array, count: number, column: Column | null): void {
    if (column?.kind !== "number") throw new TypeError("a number column is needed");
    const { values, valid } = column;
    if (this.#isExact && this.#stayExact(magnitude(values, valid, rows, 0, count))) {
      this.#addExact(slots, rows, count, values, valid);
      return;
    }
    const sums = this.#sums;
    const errors = this.#errors;
    const counts = this.counts.open(count);
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

  #addExact(slots: Int32Array, rows: Int32Array, count: number, values: Float64Array, valid: Uint8Array | null): void {
    const sums = this.#sums;
    const counts = this.counts.open(count);
    for (let p = 0; p < count; p++) {
      const row = rows[p];
      if (valid !== null && valid[row] === 0) continue;
      sums[slots[p]] += values[row];
      counts[slots[p]]++;
    }
  }

  /** As `add`, with all of `rows[from…to)` for one slot. */
  addToOne(slot: number, rows: Int32Array, from: number, to: number, column: Column | null): void {
    if (column?.kind !== "number") throw new TypeError("a number column is needed");
    const { values, valid } = column;
    const isExact = this.#isExact && this.#stayExact(magnitude(values, valid, rows, from, to));
    let sum = this.#sums[slot];
    let error = isExact ? 0 : this.#errors[slot];
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
    if (!isExact) this.#errors[slot] = error;
    this.counts.open(count)[slot] += count;
  }

  /** `sign`: 1 merges, -1 takes out again. */
  combine(into: Int32Array, from: Int32Array, count: number, sign: 1 | -1): void {
    if (this.#isExact) combineExact(this.#sums, into, from, count, sign);
    else this.#combineAll(into, from, count, sign);
    this.counts.addAll(into, from, count, sign);
  }

  #combineAll(into: Int32Array, from: Int32Array, count: number, sign: 1 | -1): void {
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
  }

  clear(slots: Int32Array, count: number): void {
    const sums = this.#sums;
    for (let p = 0; p < count; p++) sums[slots[p]] = 0;
    if (!this.#isExact) for (let p = 0; p < count; p++) this.#errors[slots[p]] = 0;
    this.counts.clear(slots, count);
  }

  /** The sums as they are now, while they are of whole numbers and exact; null afterwards, for good. */
  get exact(): Float64Array | null {
    return this.#isExact ? this.#sums : null;
  }

  /** Makes an empty slot the sum of `count` values, which were all added to other slots. */
  set(slot: number, sum: number, count: number): void {
    this.#sums[slot] = sum;
    this.counts.set(slot, count);
  }

  /** How many values a slot has summed. */
  count(slot: number): number {
    return this.counts.get(slot);
  }

  /** The sum of a slot, rounded to a double. */
  total(slot: number): number {
    const sum = this.#sums[slot];
    if (this.#isExact) return sum + 0;
    return Number.isFinite(sum) ? sum + this.#errors[slot] : sum;
  }

  get columns(): readonly StateColumn[] {
    return [this.#sums, this.#isExact ? allZero : this.#errors, this.counts.column];
  }

  adopt(table: RestoredTable, first: number): void {
    this.#sums = table.f64(first);
    const errors = table.f64OrZero(first + 1);
    this.#isExact &&= errors === null || errors.every((error) => error === 0);
    this.#errors = this.#isExact ? noErrors : (errors ?? new Float64Array(this.#sums.length));
    this.counts.adopt(table, first + 2);
    this.#bound = 0;
    if (this.#isExact) this.#stayExact(magnitudeOf(this.#sums));
  }

  snapshot(writer: SnapshotWriter, slots: Int32Array, count: number): void {
    writer.f64Array(gather(this.#sums, slots, count));
    writer.f64Array(this.#isExact ? new Float64Array(count) : gather(this.#errors, slots, count));
    writer.f64Array(gather(this.counts.column, slots, count));
  }

  restore(reader: SnapshotReader, slots: Int32Array, count: number): void {
    const sums = reader.f64Array();
    const errors = reader.f64Array();
    if (this.#isExact && errors.some((error) => error !== 0)) this.#keepErrors();
    if (this.#isExact) this.#stayExact(magnitudeOf(sums));
    scatter(sums, slots, count, this.#sums);
    if (!this.#isExact) scatter(errors, slots, count, this.#errors);
    const counts = reader.f64Array();
    for (let p = 0; p < count; p++) this.counts.set(slots[p], counts[p]);
  }

  /** Takes note of values that are to be added, by the sum of their magnitudes; false when errors are kept from now on. */
  #stayExact(more: number): boolean {
    this.#bound += more;
    if (this.#bound <= mostExact) return true;
    // The bound may have risen far above what is summed. Where it has not, it would soon be looked for again.
    this.#bound = magnitudeOf(this.#sums) + more;
    if (!(this.#bound <= mostExact / 2)) this.#keepErrors();
    return this.#isExact;
  }

  #keepErrors(): void {
    this.#isExact = false;
    this.#errors = new Float64Array(this.#sums.length);
  }
}

function combineExact(sums: Float64Array, into: Int32Array, from: Int32Array, count: number, sign: 1 | -1): void {
  for (let p = 0; p < count; p++) sums[into[p]] += sign * sums[from[p]];
}

function magnitude(values: Float64Array, valid: Uint8Array | null, rows: Int32Array, from: number, to: number): number {
  let sum = 0;
  if (valid === null) for (let p = from; p < to; p++) sum += Math.abs(values[rows[p]]);
  else for (let p = from; p < to; p++) sum += valid[rows[p]] === 0 ? 0 : Math.abs(values[rows[p]]);
  return sum;
}

function magnitudeOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += Math.abs(value);
  return sum;
}

/** Sums of whole numbers can be subtracted without a trace, others cannot. */
export function subtractFrom(sums: CompensatedSums, whole: boolean): ((into: Int32Array, from: Int32Array, count: number) => void) | null {
  return whole ? (into, from, count) => sums.combine(into, from, count, -1) : null;
}
