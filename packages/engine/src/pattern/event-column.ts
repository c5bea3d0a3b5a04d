import { type Column, columnKind, valueAt } from "../column/column.ts";
import { Dictionary } from "../column/dictionary.ts";
import { grownFloat64, grownInt32, grownUint8 } from "../state/grown-array.ts";
import type { FieldType } from "../types/field-type.ts";
import type { TakenColumn } from "./taken-column.ts";

const noDictionary = new Dictionary();

/** The values that buffered events have in one field. Strings stay ids of the dictionary with which they came: most are never read. */
export class EventColumn {
  readonly #kind: Column["kind"];
  #numbers: Float64Array = new Float64Array(0);
  #bytes: Uint8Array = new Uint8Array(0);
  #ids: Int32Array = new Int32Array(0);
  readonly #objects: unknown[] = [];
  #dictionary: Dictionary = noDictionary;
  #valid: Uint8Array = new Uint8Array(0);
  #nulls = false;

  constructor(type: FieldType) {
    this.#kind = columnKind(type);
  }

  /** Approximate bytes held. */
  get bytes(): number {
    return this.#numbers.byteLength + this.#bytes.byteLength + this.#ids.byteLength + this.#objects.length * 64 + this.#valid.byteLength;
  }

  /** Whether values of `column` can be put behind those that are there. */
  takes(column: Column): boolean {
    return column.kind !== "string" || this.#dictionary === noDictionary || this.#dictionary === column.dictionary;
  }

  /** Puts the values at `rows[0…count)` behind the first `at`. */
  append(column: Column, rows: Int32Array, count: number, at: number): void {
    if (column.kind !== this.#kind) throw new TypeError(`a ${this.#kind} column is needed, not ${column.kind}`);
    this.#appendValid(column.valid, rows, count, at);
    switch (column.kind) {
      case "number": {
        this.#numbers = grownFloat64(this.#numbers, at + count);
        const [into, from] = [this.#numbers, column.values];
        for (let i = 0; i < count; i++) into[at + i] = from[rows[i]];
        break;
      }
      case "boolean": {
        this.#bytes = grownUint8(this.#bytes, at + count);
        for (let i = 0; i < count; i++) this.#bytes[at + i] = column.values[rows[i]];
        break;
      }
      case "string": {
        this.#ids = grownInt32(this.#ids, at + count);
        this.#dictionary = column.dictionary;
        const [into, from] = [this.#ids, column.ids];
        for (let i = 0; i < count; i++) into[at + i] = from[rows[i]];
        break;
      }
      case "object":
        for (let i = 0; i < count; i++) this.#objects[at + i] = column.values[rows[i]];
    }
  }

  /** All values, in arrays that the next `append` may write. */
  column(): Column {
    const valid = this.#nulls ? this.#valid : null;
    switch (this.#kind) {
      case "number":
        return { kind: "number", values: this.#numbers, valid };
      case "boolean":
        return { kind: "boolean", values: this.#bytes, valid };
      case "string":
        return { kind: "string", ids: this.#ids, dictionary: this.#dictionary, valid };
      case "object":
        return { kind: "object", values: this.#objects, valid };
    }
  }

  /** The plain value of a row. */
  value(row: number): unknown {
    if (this.#nulls && this.#valid[row] === 0) return null;
    switch (this.#kind) {
      case "number":
        return this.#numbers[row];
      case "string":
        return this.#dictionary.text(this.#ids[row]);
      default:
        return valueAt(this.column(), row);
    }
  }

  /** Puts the value of a row into a column by event. */
  give(row: number, into: TakenColumn, event: number): void {
    if (this.#kind === "number" && !(this.#nulls && this.#valid[row] === 0)) into.setNumber(event, this.#numbers[row]);
    else into.set(event, this.value(row));
  }

  /** Forgets all values, and keeps the arrays. */
  clear(): void {
    this.#nulls = false;
    this.#dictionary = noDictionary;
    this.#objects.length = 0;
  }

  #appendValid(valid: Uint8Array | null, rows: Int32Array, count: number, at: number): void {
    if (valid === null && !this.#nulls) return;
    this.#valid = grownUint8(this.#valid, at + count);
    if (!this.#nulls) this.#valid.fill(1, 0, at);
    this.#nulls = true;
    for (let i = 0; i < count; i++) this.#valid[at + i] = valid === null ? 1 : valid[rows[i]];
  }
}
