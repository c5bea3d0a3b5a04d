import type { ColumnBuilder } from "../column/column-builder.ts";
import type { FieldType } from "../types/field-type.ts";
import { compareValues } from "./most-frequent.ts";
import { OccurrenceAccumulator } from "./occurrence-accumulator.ts";

/** The greatest values, equal ones as often as they occur, as an array: the greatest first; NULL over nothing. */
export class TopValuesAccumulator extends OccurrenceAccumulator {
  readonly #limit: number;

  /** At most `limit` values come out. */
  constructor(argument: FieldType, limit: number) {
    super(argument);
    this.#limit = limit;
  }

  write(slots: Int32Array, from: number, to: number, into: ColumnBuilder, row: number): void {
    for (let p = from; p < to; p++) {
      const greatest: unknown[] = [];
      for (const { value, count } of this.occurrences.of(slots[p]).sort((a, b) => compareValues(b.value, a.value))) {
        for (let i = 0; i < count && greatest.length < this.#limit; i++) greatest.push(value);
        if (greatest.length === this.#limit) break;
      }
      into.set(row + p - from, greatest.length === 0 ? null : greatest);
    }
  }
}
