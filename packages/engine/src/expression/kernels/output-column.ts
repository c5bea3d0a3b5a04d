import { maxBatchRows } from "../../column/batch.ts";
import type { BooleanColumn, Column, NumberColumn, ObjectColumn, StringColumn, Validity } from "../../column/column.ts";
import { columnKind } from "../../column/column.ts";
import { Dictionary } from "../../column/dictionary.ts";
import type { FieldType } from "../../types/field-type.ts";

/** When the dictionary of a kernel holds more strings than this, the next batch starts a new one. */
export const maxOwnedStrings = 65_536;

/** Validity of a result, allocated and filled only for batches that have a NULL. */
class OutputValidity {
  #valid = new Uint8Array(0);
  #length = 0;
  #any = false;

  begin(length: number): void {
    this.#length = length;
    this.#any = false;
  }

  setNull(i: number): void {
    if (!this.#any) {
      if (this.#valid.length < this.#length) this.#valid = new Uint8Array(Math.max(this.#length, maxBatchRows));
      this.#valid.fill(1, 0, this.#length);
      this.#any = true;
    }
    this.#valid[i] = 0;
  }

  get validity(): Validity {
    return this.#any ? this.#valid : null;
  }
}

/**
 * A column that a kernel writes, batch after batch, into the same arrays. After `begin` every row is
 * non-NULL with an unspecified value; `set` or write into `values`, `setNull`, then take `column`.
 */
export interface OutputColumn {
  /** Starts a batch of `length` physical rows. */
  begin(length: number): void;
  /** `value` is of the column's kind, or null. */
  set(i: number, value: unknown): void;
  setNull(i: number): void;
  /** Copies row `i` of a column of the same kind. */
  copy(i: number, from: Column): void;
  /** As `copy`, of `rows[0…count)`. */
  copyRows(from: Column, rows: Int32Array, count: number): void;
  column(): Column;
}

export class NumberOutput implements OutputColumn {
  values = new Float64Array(0);
  readonly #validity = new OutputValidity();

  begin(length: number): void {
    if (this.values.length < length) this.values = new Float64Array(Math.max(length, maxBatchRows));
    this.#validity.begin(length);
  }

  set(i: number, value: unknown): void {
    if (typeof value === "number") this.values[i] = value;
    else this.#validity.setNull(i);
  }

  setNull(i: number): void {
    this.#validity.setNull(i);
  }

  copy(i: number, from: Column): void {
    if (from.kind !== "number" || isNull(from, i)) this.#validity.setNull(i);
    else this.values[i] = from.values[i];
  }

  copyRows(from: Column, rows: Int32Array, count: number): void {
    if (from.kind !== "number" || from.valid !== null) {
      for (let j = 0; j < count; j++) this.copy(rows[j], from);
      return;
    }
    const [own, values] = [this.values, from.values];
    for (let j = 0; j < count; j++) own[rows[j]] = values[rows[j]];
  }

  column(): NumberColumn {
    return { kind: "number", values: this.values, valid: this.#validity.validity };
  }
}

export class BooleanOutput implements OutputColumn {
  values = new Uint8Array(0);
  readonly #validity = new OutputValidity();

  begin(length: number): void {
    if (this.values.length < length) this.values = new Uint8Array(Math.max(length, maxBatchRows));
    this.#validity.begin(length);
  }

  set(i: number, value: unknown): void {
    if (typeof value === "boolean") this.values[i] = value ? 1 : 0;
    else this.#validity.setNull(i);
  }

  setNull(i: number): void {
    this.#validity.setNull(i);
  }

  copy(i: number, from: Column): void {
    if (from.kind !== "boolean" || isNull(from, i)) this.#validity.setNull(i);
    else this.values[i] = from.values[i];
  }

  copyRows(from: Column, rows: Int32Array, count: number): void {
    if (from.kind !== "boolean" || from.valid !== null) {
      for (let j = 0; j < count; j++) this.copy(rows[j], from);
      return;
    }
    const [own, values] = [this.values, from.values];
    for (let j = 0; j < count; j++) own[rows[j]] = values[rows[j]];
  }

  column(): BooleanColumn {
    return { kind: "boolean", values: this.values, valid: this.#validity.validity };
  }
}

export class StringOutput implements OutputColumn {
  ids = new Int32Array(0);
  dictionary = new Dictionary();
  readonly #validity = new OutputValidity();
  /** Own ids, plus one, of strings of the dictionaries that rows were copied from; 0 = not known yet. */
  #translations = new WeakMap<Dictionary, Int32Array>();
  #lastSource: Dictionary | null = null;
  #lastKnown: Int32Array = new Int32Array(0);

  /** Starts a batch, and a new dictionary when the present one has grown too large. */
  begin(length: number): void {
    if (this.ids.length < length) this.ids = new Int32Array(Math.max(length, maxBatchRows));
    this.#validity.begin(length);
    if (this.dictionary.size <= maxOwnedStrings) return;
    this.dictionary = new Dictionary();
    this.#translations = new WeakMap();
    this.#lastSource = null;
  }

  set(i: number, value: unknown): void {
    if (typeof value === "string") this.ids[i] = this.dictionary.intern(value);
    else this.#validity.setNull(i);
  }

  setNull(i: number): void {
    this.#validity.setNull(i);
  }

  copy(i: number, from: Column): void {
    if (from.kind !== "string" || isNull(from, i)) {
      this.#validity.setNull(i);
      return;
    }
    const id = from.ids[i];
    const known = this.#translationOf(from.dictionary);
    if (known[id] === 0) known[id] = this.dictionary.intern(from.dictionary.text(id)) + 1;
    this.ids[i] = known[id] - 1;
  }

  copyRows(from: Column, rows: Int32Array, count: number): void {
    for (let j = 0; j < count; j++) this.copy(rows[j], from);
  }

  column(): StringColumn {
    return { kind: "string", ids: this.ids, dictionary: this.dictionary, valid: this.#validity.validity };
  }

  #translationOf(source: Dictionary): Int32Array {
    if (source === this.#lastSource && source.size <= this.#lastKnown.length) return this.#lastKnown;
    const known = this.#translations.get(source) ?? new Int32Array(0);
    const ready = source.size <= known.length ? known : grown(known, source.size);
    this.#translations.set(source, ready);
    source.idsMatter = true;
    this.#lastSource = source;
    this.#lastKnown = ready;
    return ready;
  }
}

export class ObjectOutput implements OutputColumn {
  values: unknown[] = [];
  readonly #validity = new OutputValidity();

  begin(length: number): void {
    while (this.values.length < length) this.values.push(null);
    this.#validity.begin(length);
  }

  set(i: number, value: unknown): void {
    this.values[i] = value ?? null;
    if (value === null || value === undefined) this.#validity.setNull(i);
  }

  setNull(i: number): void {
    this.values[i] = null;
    this.#validity.setNull(i);
  }

  copy(i: number, from: Column): void {
    if (from.kind !== "object" || isNull(from, i)) this.setNull(i);
    else this.values[i] = from.values[i];
  }

  copyRows(from: Column, rows: Int32Array, count: number): void {
    for (let j = 0; j < count; j++) this.copy(rows[j], from);
  }

  column(): ObjectColumn {
    return { kind: "object", values: this.values, valid: this.#validity.validity };
  }
}

function grown(known: Int32Array, size: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(64, size * 2));
  larger.set(known);
  return larger;
}

/** An output of the kind that carries `type`. */
export function outputFor(type: FieldType): OutputColumn {
  switch (columnKind(type)) {
    case "number":
      return new NumberOutput();
    case "boolean":
      return new BooleanOutput();
    case "string":
      return new StringOutput();
    case "object":
      return new ObjectOutput();
  }
}

/** True when row `i` is NULL. */
export function isNull(column: Column, i: number): boolean {
  return column.valid !== null && column.valid[i] === 0;
}
