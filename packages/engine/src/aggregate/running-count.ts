import { type ColumnBuilder, NumberColumnBuilder } from "../column/column-builder.ts";
import type { RunningTotal, TotalPlace, TotalRows } from "./running-totals.ts";
import type { SlotCounts } from "./slot-counts.ts";

/** Counts as running totals. */
export class RunningCount implements RunningTotal {
  readonly doubles = 0;
  readonly ints = 1;
  readonly #counts: SlotCounts;

  constructor(counts: SlotCounts) {
    this.#counts = counts;
  }

  get isExact(): boolean {
    return this.#counts.ints !== null;
  }

  merge({ ints }: TotalRows, at: Int32Array, { int }: TotalPlace, slots: Int32Array, count: number, sign: 1 | -1): void {
    mergeCounts(ints, at, int, this.#counts, slots, count, sign);
  }

  write({ ints }: TotalRows, at: Int32Array, { int }: TotalPlace, count: number, into: ColumnBuilder, row: number): void {
    if (into instanceof NumberColumnBuilder) for (let p = 0; p < count; p++) into.setNumber(row + p, ints[at[p] + int]);
    else for (let p = 0; p < count; p++) into.set(row + p, ints[at[p] + int]);
  }

  keep({ ints }: TotalRows, at: number, { int }: TotalPlace, slot: number): void {
    this.#counts.set(slot, ints[at + int]);
  }
}

/** Adds the counts of `slots[0…count)`, times `sign`, to the integers `int` behind `at[0…count)`. */
export function mergeCounts(
  ints: Int32Array,
  at: Int32Array,
  int: number,
  { ints: counts }: SlotCounts,
  slots: Int32Array,
  count: number,
  sign: 1 | -1,
): void {
  if (counts === null) throw new Error("counts have outgrown 32 bits");
  for (let p = 0; p < count; p++) ints[at[p] + int] += sign * counts[slots[p]];
}
