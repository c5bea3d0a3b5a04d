import type { ColumnBuilder } from "../column/column-builder.ts";
import { compareStrings } from "../expression/values/code-points.ts";
import type { FieldType } from "../types/field-type.ts";
import { OccurrenceAccumulator } from "./occurrence-accumulator.ts";

/** The values that occur most often, exactly, as an array: the most frequent first, of equally frequent ones the smaller; NULL over nothing. */
export class MostFrequentAccumulator extends OccurrenceAccumulator {
  readonly #limit: number;

  /** At most `limit` values come out. */
  constructor(argument: FieldType, limit: number) {
    super(argument);
    this.#limit = limit;
  }

  write(slots: Int32Array, from: number, to: number, into: ColumnBuilder, row: number): void {
    for (let p = from; p < to; p++) {
      const found = this.occurrences.of(slots[p]).sort((a, b) => b.count - a.count || compareValues(a.value, b.value));
      into.set(row + p - from, found.length === 0 ? null : found.slice(0, this.#limit).map(({ value }) => value));
    }
  }
}

/** Smaller ones first. */
export function compareValues(a: unknown, b: unknown): number {
  if (typeof a === "string" && typeof b === "string") return compareStrings(a, b);
  const difference = Number(a) - Number(b);
  // NaN is behind all numbers.
  return Number.isNaN(difference) ? Number(Number.isNaN(Number(a))) - Number(Number.isNaN(Number(b))) : difference;
}
