import { type Batch, columnAt } from "../column/batch.ts";
import type { Column, StringColumn } from "../column/column.ts";
import type { Dictionary } from "../column/dictionary.ts";
import type { KeyField } from "../state/key-table.ts";
import type { PlainValue } from "../state/value-table.ts";

const nullHash = 0x2c1b3c6d;

/**
 * Hashes of composite keys, 32 bits, evenly spread: the same for the same values, in every run and on every machine.
 * As with all keys, -0 is 0, NaN is NaN, and NULL is a value of its own.
 */
export class KeyHash {
  readonly #fields: readonly KeyField[];
  /** By dictionary: hashes of its strings, as far as it went when they were made. */
  readonly #texts = new WeakMap<Dictionary, Uint32Array>();
  readonly #number = new Float64Array(1);
  readonly #bits = new Uint32Array(this.#number.buffer);

  constructor(fields: readonly KeyField[]) {
    this.#fields = fields;
  }

  /** The hashes of the keys at `rows[0…count)`, into `into`. */
  hash(batch: Batch, rows: Int32Array, count: number, into: Uint32Array): void {
    into.fill(0, 0, count);
    for (const { index } of this.#fields) this.#mixIn(columnAt(batch, index), rows, count, into);
  }

  /** The hash of the key with these values, in the order of the fields. */
  hashOf(values: readonly PlainValue[]): number {
    let hash = 0;
    for (const value of values) hash = finish(Math.imul(hash, 31) + this.#hashValue(value));
    return hash >>> 0;
  }

  #hashValue(value: PlainValue): number {
    if (typeof value === "string") return hashText(value);
    if (typeof value === "number") return this.#hashNumber(value);
    return value === null ? nullHash : Number(value) + 1;
  }

  #mixIn(column: Column, rows: Int32Array, count: number, into: Uint32Array): void {
    const { valid } = column;
    const texts = column.kind === "string" ? this.#hashesOf(column) : null;
    for (let p = 0; p < count; p++) {
      const row = rows[p];
      let part = nullHash;
      if (valid === null || valid[row] !== 0) {
        if (column.kind === "string" && texts !== null) part = texts[column.ids[row]];
        else if (column.kind === "number") part = this.#hashNumber(column.values[row]);
        else if (column.kind === "boolean") part = column.values[row] + 1;
        else throw new TypeError(`values of a column of kind ${column.kind} cannot be keys`);
      }
      into[p] = finish(Math.imul(into[p], 31) + part);
    }
  }

  #hashNumber(value: number): number {
    // Adding 0 makes -0 the same as 0.
    this.#number[0] = Number.isNaN(value) ? Number.NaN : value + 0;
    return finish(this.#bits[0] ^ Math.imul(this.#bits[1], 0x9e3779b1));
  }

  #hashesOf({ dictionary }: StringColumn): Uint32Array {
    const known = this.#texts.get(dictionary);
    const { size } = dictionary;
    if (known !== undefined && known.length >= size) return known;
    const from = known?.length ?? 0;
    const hashes = new Uint32Array(size);
    if (known !== undefined) hashes.set(known);
    for (let id = from; id < size; id++) hashes[id] = hashText(dictionary.text(id));
    this.#texts.set(dictionary, hashes);
    dictionary.idsMatter = true;
    return hashes;
  }
}

/** FNV-1a over UTF-16 units. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}

/** The finalizer of MurmurHash3: every bit of the input changes half of the bits of the output. */
function finish(hash: number): number {
  let bits = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
