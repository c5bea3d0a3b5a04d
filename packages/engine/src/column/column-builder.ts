import type { FieldType } from "../types/field-type.ts";
import { type Column, columnKind } from "./column.ts";
import { Dictionary } from "./dictionary.ts";
import { objectText } from "./object-text.ts";
import { textOfUtf8, Utf8Strings } from "./utf8-strings.ts";

/** A builder starts a new dictionary when its own holds more strings than this. */
const dictionaryLimit = 65_536;
/** As `dictionaryLimit`, of a dictionary in which strings repeat. */
const appendedLimit = 4096;

/** Fills one column of a batch, row by row in any order. Rows must be below the capacity. */
export interface ColumnBuilder {
  /** A plain value: number, boolean, string or object by the field's type; null and undefined are NULL. Throws on any other. */
  set(row: number, value: unknown): void;
  setNull(row: number): void;
  /** Writes the value that `column` has at `from`; both are of one kind. */
  copy(row: number, column: Column, from: number): void;
  /** True when both rows hold the same value; NaN equals NaN, objects are compared by identity. */
  sameRows(a: number, b: number): boolean;
  /** The column as it stands; it shares the builder's arrays. */
  column(): Column;
  /** Starts anew; a column that was handed out stays as it is until the next write. */
  reset(): void;
}

/** Builds bigint, double, timestamp and interval columns. */
export class NumberColumnBuilder implements ColumnBuilder {
  readonly values: Float64Array;
  readonly #valid: Uint8Array;
  #nulls = false;

  constructor(capacity: number) {
    this.values = new Float64Array(capacity);
    this.#valid = new Uint8Array(capacity);
  }

  set(row: number, value: unknown): void {
    if (typeof value === "number") this.setNumber(row, value);
    else if (value === null || value === undefined) this.setNull(row);
    else throw new TypeError(`a number is needed, not ${typeof value}`);
  }

  setNumber(row: number, value: number): void {
    this.values[row] = value;
    this.#valid[row] = 1;
  }

  /** Sets rows `from` to `to` (exclusive) to one value. */
  fill(value: number, from: number, to: number): void {
    this.values.fill(value, from, to);
    this.#valid.fill(1, from, to);
  }

  setNull(row: number): void {
    this.values[row] = 0;
    this.#valid[row] = 0;
    this.#nulls = true;
  }

  /** Sets rows `0…count` to the values at `places[0…count)`; those at -1, and where `valid` is 0, are NULL. */
  pick(values: Float64Array, valid: Uint8Array, places: Int32Array, count: number): void {
    const [own, ownValid] = [this.values, this.#valid];
    let known = 0;
    for (let i = 0; i < count; i++) {
      // All bits set, or none for -1.
      const isPlace = ~(places[i] >> 31);
      const place = places[i] & isPlace;
      const isKnown = isPlace & Number(valid[place] !== 0);
      // Picked, not asked for: a processor guesses wrong of every other place where many are -1.
      zeroOr[1] = values[place];
      own[i] = zeroOr[isKnown];
      ownValid[i] = isKnown;
      known += isKnown;
    }
    if (known < count) this.#nulls = true;
  }

  copy(row: number, column: Column, from: number): void {
    if (column.kind !== "number") throw new TypeError(`a number column is needed, not ${column.kind}`);
    if (column.valid !== null && column.valid[from] === 0) this.setNull(row);
    else this.setNumber(row, column.values[from]);
  }

  sameRows(a: number, b: number): boolean {
    return this.#valid[a] === this.#valid[b] && (this.values[a] === this.values[b] || Object.is(this.values[a], this.values[b]));
  }

  column(): Column {
    return { kind: "number", values: this.values, valid: this.#nulls ? this.#valid : null };
  }

  reset(): void {
    this.#nulls = false;
  }
}

/** 0, and the value that may be taken in place of it. */
const zeroOr = new Float64Array(2);

/** Builds boolean columns. */
export class BooleanColumnBuilder implements ColumnBuilder {
  readonly #values: Uint8Array;
  readonly #valid: Uint8Array;
  #nulls = false;

  constructor(capacity: number) {
    this.#values = new Uint8Array(capacity);
    this.#valid = new Uint8Array(capacity);
  }

  set(row: number, value: unknown): void {
    if (typeof value === "boolean") this.setBoolean(row, value ? 1 : 0);
    else if (value === null || value === undefined) this.setNull(row);
    else throw new TypeError(`a boolean is needed, not ${typeof value}`);
  }

  /** `value`: 0 or 1. */
  setBoolean(row: number, value: number): void {
    this.#values[row] = value;
    this.#valid[row] = 1;
  }

  setNull(row: number): void {
    this.#values[row] = 0;
    this.#valid[row] = 0;
    this.#nulls = true;
  }

  /** Sets rows `0…count` to the values at `places[0…count)`, 0, 1 or 2 for NULL; those at -1 are NULL. */
  pick(values: Uint8Array, places: Int32Array, count: number): void {
    const [own, ownValid] = [this.#values, this.#valid];
    let known = 0;
    for (let i = 0; i < count; i++) {
      // As in `NumberColumnBuilder.pick`.
      const isPlace = ~(places[i] >> 31);
      const value = (values[places[i] & isPlace] & isPlace) | (2 & ~isPlace);
      own[i] = value & 1;
      ownValid[i] = 1 - (value >> 1);
      known += ownValid[i];
    }
    if (known < count) this.#nulls = true;
  }

  copy(row: number, column: Column, from: number): void {
    if (column.kind !== "boolean") throw new TypeError(`a boolean column is needed, not ${column.kind}`);
    if (column.valid !== null && column.valid[from] === 0) this.setNull(row);
    else this.setBoolean(row, column.values[from]);
  }

  sameRows(a: number, b: number): boolean {
    return this.#valid[a] === this.#valid[b] && this.#values[a] === this.#values[b];
  }

  column(): Column {
    return { kind: "boolean", values: this.#values, valid: this.#nulls ? this.#valid : null };
  }

  reset(): void {
    this.#nulls = false;
  }
}

/**
 * Builds string columns in a dictionary of its own, which `reset` replaces when it has grown large; or in that of a column
 * whose rows go on as they are.
 */
export class StringColumnBuilder implements ColumnBuilder {
  readonly #ids: Int32Array;
  readonly #valid: Uint8Array;
  #nulls = false;
  #dictionary = new Dictionary();
  /** That of the rows so far where it is not `#dictionary`. */
  #other: Dictionary | null = null;
  /** Holds what was appended, each string as often as it came; null until there is something. */
  #appended: { readonly strings: Utf8Strings; readonly dictionary: Dictionary } | null = null;
  #idsMatter = false;

  constructor(capacity: number) {
    this.#ids = new Int32Array(capacity);
    this.#valid = new Uint8Array(capacity);
  }

  set(row: number, value: unknown): void {
    if (typeof value === "string") this.setString(row, value);
    else if (value === null || value === undefined) this.setNull(row);
    else throw new TypeError(`a string is needed, not ${typeof value}`);
  }

  setString(row: number, value: string): void {
    this.#ids[row] = this.#dictionary.intern(value);
    this.#valid[row] = 1;
  }

  setNull(row: number): void {
    this.#ids[row] = -1;
    this.#valid[row] = 0;
    this.#nulls = true;
  }

  /** Sets a row to the string of another that `setString` has set. */
  repeat(row: number, of: number): void {
    this.#ids[row] = this.#ids[of];
    this.#valid[row] = 1;
  }

  /** Sets all rows, of which there are `count`, to the strings that `ids` are in a dictionary, which the column then shares; -1 is NULL. */
  share(dictionary: Dictionary, ids: Int32Array, count: number): void {
    this.#other = dictionary;
    for (let row = 0; row < count; row++) {
      this.#ids[row] = ids[row];
      this.#valid[row] = ids[row] < 0 ? 0 : 1;
      if (ids[row] < 0) this.#nulls = true;
    }
  }

  /**
   * Sets a row to a string that a dictionary holds as bytes. Where nothing downstream goes by ids it is not looked for, so that
   * equal strings get several. All rows of a column have to be set by this, or to NULL.
   */
  append(row: number, dictionary: Dictionary, id: number): void {
    const { utf8 } = dictionary;
    if (utf8 === null) this.setString(row, dictionary.text(id));
    else this.appendBytes(row, utf8.bytes, utf8.view, utf8.starts[id], utf8.starts[id] + utf8.lengths[id]);
  }

  /** As `append`, of the UTF-8 `bytes[start, end)`, whose view goes on for `wordSlack` bytes behind them. */
  appendBytes(row: number, bytes: Uint8Array, view: DataView, start: number, end: number): void {
    if (this.#idsMatter) {
      this.setString(row, textOfUtf8(bytes, start, end));
      return;
    }
    if (this.#appended === null) {
      const strings = new Utf8Strings(false);
      this.#appended = { strings, dictionary: new Dictionary(strings) };
    }
    this.#other = this.#appended.dictionary;
    this.#ids[row] = this.#appended.strings.appendKnown(bytes, view, start, end);
    this.#valid[row] = 1;
  }

  copy(row: number, column: Column, from: number): void {
    if (column.kind !== "string") throw new TypeError(`a string column is needed, not ${column.kind}`);
    if (column.valid !== null && column.valid[from] === 0) this.setNull(row);
    else this.setString(row, column.dictionary.text(column.ids[from]));
  }

  sameRows(a: number, b: number): boolean {
    return this.#ids[a] === this.#ids[b];
  }

  column(): Column {
    return { kind: "string", ids: this.#ids, dictionary: this.#other ?? this.#dictionary, valid: this.#nulls ? this.#valid : null };
  }

  reset(): void {
    this.#nulls = false;
    this.#other = null;
    if (this.#dictionary.size > dictionaryLimit) this.#dictionary = new Dictionary();
    if (this.#appended === null) return;
    this.#idsMatter ||= this.#appended.dictionary.idsMatter;
    if (this.#idsMatter || this.#appended.dictionary.size > appendedLimit) this.#appended = null;
  }
}

/** Builds json, array and row columns. */
export class ObjectColumnBuilder implements ColumnBuilder {
  readonly #capacity: number;
  readonly #valid: Uint8Array;
  #values: unknown[];
  #nulls = false;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#values = new Array(capacity).fill(null);
    this.#valid = new Uint8Array(capacity);
  }

  set(row: number, value: unknown): void {
    this.#values[row] = value ?? null;
    this.#valid[row] = value === null || value === undefined ? 0 : 1;
    if (this.#valid[row] === 0) this.#nulls = true;
  }

  setNull(row: number): void {
    this.set(row, null);
  }

  copy(row: number, column: Column, from: number): void {
    if (column.kind !== "object") throw new TypeError(`an object column is needed, not ${column.kind}`);
    this.set(row, column.valid !== null && column.valid[from] === 0 ? null : column.values[from]);
  }

  sameRows(a: number, b: number): boolean {
    return this.#values[a] === this.#values[b] || objectText(this.#values[a]) === objectText(this.#values[b]);
  }

  column(): Column {
    return { kind: "object", values: this.#values, valid: this.#nulls ? this.#valid : null };
  }

  reset(): void {
    this.#nulls = false;
    this.#values = new Array(this.#capacity).fill(null);
  }
}

/** The builder for columns of a type, for up to `capacity` rows. */
export function createColumnBuilder(
  type: FieldType,
  capacity: number,
): NumberColumnBuilder | BooleanColumnBuilder | StringColumnBuilder | ObjectColumnBuilder {
  switch (columnKind(type)) {
    case "number":
      return new NumberColumnBuilder(capacity);
    case "boolean":
      return new BooleanColumnBuilder(capacity);
    case "string":
      return new StringColumnBuilder(capacity);
    case "object":
      return new ObjectColumnBuilder(capacity);
  }
}
