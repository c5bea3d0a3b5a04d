import { columnKind } from "../column/column.ts";
import type { ColumnBuilder } from "../column/column-builder.ts";
import { grownFloat64, grownUint8 } from "../state/grown-array.ts";
import type { FieldType } from "../types/field-type.ts";

/** The values that taken events have in one kept field, by event. */
export class TakenColumn {
  readonly #isNumber: boolean;
  #numbers: Float64Array = new Float64Array(0);
  /** Of numbers: 1 = NULL; empty until one is. */
  #nulls: Uint8Array = new Uint8Array(0);
  /** Of all other values; null is NULL. */
  readonly #others: unknown[] = [];

  constructor(type: FieldType) {
    this.#isNumber = columnKind(type) === "number";
  }

  /** Approximate bytes held. */
  get bytes(): number {
    return this.#numbers.byteLength + this.#nulls.byteLength + this.#others.length * 32;
  }

  /** Makes room for events below `events`. */
  reserve(events: number): void {
    if (this.#isNumber) this.#numbers = grownFloat64(this.#numbers, events);
    if (this.#nulls.length > 0) this.#nulls = grownUint8(this.#nulls, events);
  }

  setNumber(event: number, value: number): void {
    this.#numbers[event] = value;
    if (this.#nulls.length > 0) this.#nulls[event] = 0;
  }

  /** A plain value of the type; null is NULL. */
  set(event: number, value: unknown): void {
    if (!this.#isNumber) {
      while (this.#others.length < event) this.#others.push(null);
      this.#others[event] = value ?? null;
    } else if (typeof value === "number") this.setNumber(event, value);
    else {
      this.#nulls = grownUint8(this.#nulls, Math.max(event + 1, this.#numbers.length));
      this.#nulls[event] = 1;
    }
  }

  isNull(event: number): boolean {
    return this.#isNumber ? this.#nulls.length > 0 && this.#nulls[event] === 1 : this.#others[event] === null;
  }

  /** The number of an event; of a column of numbers alone. */
  number(event: number): number {
    return this.#numbers[event];
  }

  /** The plain value; null is NULL. */
  value(event: number): unknown {
    if (!this.#isNumber) return this.#others[event];
    return this.#nulls.length > 0 && this.#nulls[event] === 1 ? null : this.#numbers[event];
  }

  /** Writes the value of an event into a result column. */
  write(event: number, into: ColumnBuilder, row: number): void {
    into.set(row, this.value(event));
  }

  /** Lets go of what the value of an event that is no more refers to. */
  clear(event: number): void {
    if (!this.#isNumber) this.#others[event] = null;
  }
}
