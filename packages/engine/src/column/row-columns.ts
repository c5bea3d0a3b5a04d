import type { Field } from "../types/field-type.ts";
import { type Batch, maxBatchRows } from "./batch.ts";
import { ByteDictionary } from "./byte-dictionary.ts";
import { type Column, columnKind } from "./column.ts";
import { hashOf } from "./utf8-hash.ts";

/**
 * The arrays that a decoder fills row by row, for the live fields alone. They are reused for every batch;
 * object columns are made anew, since what they hold is handed on.
 */
export class RowColumns {
  readonly kinds: readonly Column["kind"][];
  readonly numbers: Float64Array[] = [];
  readonly booleans: Uint8Array[] = [];
  readonly ids: Int32Array[] = [];
  /** Of live string fields only. */
  readonly dictionaries: (ByteDictionary | null)[] = [];
  readonly valid: Uint8Array[] = [];
  readonly time = new Float64Array(maxBatchRows);
  readonly #live: readonly boolean[];
  #objects: unknown[][] = [];
  rows = 0;

  constructor(fields: readonly Field[], live: readonly boolean[]) {
    this.kinds = fields.map((field) => columnKind(field.type));
    this.#live = live;
    fields.forEach((_field, i) => {
      const kind = this.kinds[i];
      this.valid.push(new Uint8Array(live[i] ? maxBatchRows : 0));
      this.numbers.push(new Float64Array(live[i] && kind === "number" ? maxBatchRows : 0));
      this.booleans.push(new Uint8Array(live[i] && kind === "boolean" ? maxBatchRows : 0));
      this.ids.push(new Int32Array(live[i] && kind === "string" ? maxBatchRows : 0));
      this.dictionaries.push(live[i] && kind === "string" ? new ByteDictionary() : null);
    });
    this.time.fill(Number.NaN);
  }

  /** Starts a batch. */
  reset(): void {
    this.rows = 0;
    this.#objects = this.kinds.map(() => []);
    this.time.fill(Number.NaN);
    for (const valid of this.valid) valid.fill(0);
    for (const dictionary of this.dictionaries) dictionary?.renewWhenFull();
  }

  /** Forgets what was written into the row after the last. */
  dropRow(): void {
    for (const valid of this.valid) if (valid.length > 0) valid[this.rows] = 0;
  }

  /** Puts a cell into the row after the last; null is NULL. Lone surrogates in a string become U+FFFD. */
  setCell(field: number, value: unknown): void {
    const row = this.rows;
    if (value === null || value === undefined) {
      this.valid[field][row] = 0;
      return;
    }
    this.valid[field][row] = 1;
    switch (this.kinds[field]) {
      case "number":
        this.numbers[field][row] = Number(value);
        return;
      case "boolean":
        this.booleans[field][row] = value === true ? 1 : 0;
        return;
      case "string": {
        // By bytes, as the scanner does it: a string has one id, whichever way it came.
        const bytes = encoder.encode(String(value));
        this.ids[field][row] = this.#dictionary(field).idOf(bytes, 0, bytes.length, hashOf(bytes), false);
        return;
      }
      case "object":
        this.#objects[field][row] = value;
    }
  }

  /** The rows as a batch over these very arrays. */
  batch(): Batch {
    const columns = this.kinds.map((kind, i) => (this.#live[i] ? this.#column(kind, i) : null));
    return { length: this.rows, selection: null, selected: this.rows, columns, time: this.time, kinds: null };
  }

  #column(kind: Column["kind"], i: number): Column {
    const valid = this.#allValid(i) ? null : this.valid[i];
    switch (kind) {
      case "number":
        return { kind, values: this.numbers[i], valid };
      case "boolean":
        return { kind, values: this.booleans[i], valid };
      case "string":
        return { kind, ids: this.ids[i], dictionary: this.#dictionary(i).dictionary, valid };
      case "object": {
        const values = this.#objects[i];
        for (let row = 0; row < this.rows; row++) if (this.valid[i][row] === 0) values[row] = null;
        return { kind, values, valid };
      }
    }
  }

  #dictionary(field: number): ByteDictionary {
    const dictionary = this.dictionaries[field];
    if (dictionary === null) throw new Error(`field ${field} is no live string field`);
    return dictionary;
  }

  #allValid(i: number): boolean {
    const valid = this.valid[i];
    for (let row = 0; row < this.rows; row++) if (valid[row] === 0) return false;
    return true;
  }
}

const encoder = new TextEncoder();
