import { type ColumnBuilder, NumberColumnBuilder } from "../column/column-builder.ts";
import type { CompensatedSums } from "./compensated-sums.ts";
import { mergeCounts } from "./running-count.ts";
import type { RunningTotal, TotalPlace, TotalRows } from "./running-totals.ts";

/** Sums of whole numbers, or their means, as running totals: exact as long as none needs an error beside it. */
export class RunningSum implements RunningTotal {
  readonly doubles = 1;
  /** How many values are summed. */
  readonly ints = 1;
  readonly #sums: CompensatedSums;
  readonly #isMean: boolean;

  constructor(sums: CompensatedSums, result: "sum" | "mean") {
    this.#sums = sums;
    this.#isMean = result === "mean";
  }

  get isExact(): boolean {
    return this.#sums.exact !== null && this.#sums.counts.ints !== null;
  }

  merge({ ints, doubles }: TotalRows, at: Int32Array, { double, int }: TotalPlace, slots: Int32Array, count: number, sign: 1 | -1): void {
    const sums = this.#sums.exact;
    if (sums === null) throw new Error("sums have become inexact");
    for (let p = 0; p < count; p++) doubles[(at[p] >> 1) + double] += sign * sums[slots[p]];
    mergeCounts(ints, at, int, this.#sums.counts, slots, count, sign);
  }

  write({ ints, doubles }: TotalRows, at: Int32Array, { double, int }: TotalPlace, count: number, into: ColumnBuilder, row: number): void {
    const isNumbers = into instanceof NumberColumnBuilder;
    for (let p = 0; p < count; p++) {
      const values = ints[at[p] + int];
      // Adding 0 makes -0 the same as 0.
      const sum = doubles[(at[p] >> 1) + double] + 0;
      if (values === 0) into.setNull(row + p);
      else if (isNumbers) into.setNumber(row + p, this.#isMean ? sum / values : sum);
      else into.set(row + p, this.#isMean ? sum / values : sum);
    }
  }

  keep({ ints, doubles }: TotalRows, at: number, { double, int }: TotalPlace, slot: number): void {
    this.#sums.set(slot, doubles[(at >> 1) + double], ints[at + int]);
  }
}
