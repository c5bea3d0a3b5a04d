import type { Batch } from "../../column/batch.ts";
import type { Column, Validity } from "../../column/column.ts";
import { columnKind } from "../../column/column.ts";
import { Dictionary } from "../../column/dictionary.ts";
import { Utf8Strings } from "../../column/utf8-strings.ts";
import type { Field, FieldType } from "../../types/field-type.ts";
import type { RandomSource } from "./random-source.ts";
import { randomValue } from "./random-values.ts";

/** A batch and the same records as rows. */
export interface RandomBatch {
  readonly batch: Batch;
  readonly rows: readonly (readonly unknown[])[];
}

/**
 * Makes batches with NULLs and selections. Entries that must not be looked at (values of NULL rows, entries
 * behind the end) hold misleading values. Dictionaries are kept, grown and now and then replaced.
 */
export class BatchGenerator {
  readonly #random: RandomSource;
  readonly #fields: readonly Field[];
  #dictionaries: Dictionary[] = [];

  constructor(random: RandomSource, fields: readonly Field[]) {
    this.#random = random;
    this.#fields = fields;
  }

  next(maxRows: number): RandomBatch {
    const random = this.#random;
    const length = random.below(maxRows + 1);
    if (this.#dictionaries.length === 0 || random.chance(0.2)) this.#dictionaries = dictionaries();
    const values = this.#fields.map((field) => {
      const nulls = random.pick([0, 0.1, 0.5]);
      return Array.from({ length }, () => (random.chance(nulls) ? null : randomValue(random, field.type)));
    });
    const columns = this.#fields.map((field, f) => this.#column(field.type, values[f]));
    const rows = Array.from({ length }, (_, i) => values.map((column) => column[i]));
    const density = random.pick([0, 0.1, 0.5, 0.9]);
    const selected = random.chance(0.5) ? null : rows.map((_, i) => i).filter(() => random.chance(density));
    const selection = selected === null ? null : Int32Array.from([...selected, 7777, -1]);
    const count = selected?.length ?? length;
    return { batch: { length, selection, selected: count, columns, time: new Float64Array(length), kinds: null }, rows };
  }

  #column(type: FieldType, values: readonly unknown[]): Column {
    const length = values.length + this.#random.below(3);
    const valid: Validity = values.includes(null) || this.#random.chance(0.3) ? new Uint8Array(length).fill(1) : null;
    values.forEach((value, i) => {
      if (valid !== null && value === null) valid[i] = 0;
    });
    switch (columnKind(type)) {
      case "number":
        return {
          kind: "number",
          values: fill(new Float64Array(length), values, (value) => (typeof value === "number" ? value : Number.NaN)),
          valid,
        };
      case "boolean":
        return { kind: "boolean", values: fill(new Uint8Array(length), values, (value) => (value === false ? 0 : 1)), valid };
      case "string": {
        // Bytes cannot hold every text.
        const holdsAll = values.every((value) => typeof value !== "string" || value.isWellFormed());
        const picked = this.#random.pick(this.#dictionaries);
        const dictionary = picked.utf8 === null || holdsAll ? picked : this.#dictionaries[0];
        const add = (text: string): number => (dictionary.distinct ? dictionary.intern(text) : dictionary.append(text));
        const idOf = (value: unknown): number => (typeof value === "string" ? add(value) : 123_456_789);
        return { kind: "string", ids: fill(new Int32Array(length), values, idOf), dictionary, valid };
      }
      case "object":
        return { kind: "object", values, valid };
    }
  }
}

/** Of texts first, then one of each other kind: of bytes, and with ids of their own for equal strings. */
function dictionaries(): Dictionary[] {
  return [
    new Dictionary(),
    new Dictionary(),
    new Dictionary(null, false),
    new Dictionary(new Utf8Strings()),
    new Dictionary(new Utf8Strings(false)),
  ];
}

function fill<A extends Float64Array | Uint8Array | Int32Array>(
  array: A,
  values: readonly unknown[],
  encode: (value: unknown) => number,
): A {
  values.forEach((value, i) => {
    array[i] = encode(value);
  });
  return array;
}
