import type { ColumnBuilder } from "../column/column-builder.ts";
import type { FieldType } from "../types/field-type.ts";
import { OccurrenceAccumulator } from "./occurrence-accumulator.ts";

/** Counts the distinct values that are not NULL, exactly. */
export class CountDistinctAccumulator extends OccurrenceAccumulator {
  constructor(argument: FieldType) {
    super(argument);
  }

  write(slots: Int32Array, from: number, to: number, into: ColumnBuilder, row: number): void {
    for (let p = from; p < to; p++) into.set(row + p - from, this.occurrences.distinct(slots[p]));
  }
}
