import { type Column, Dictionary, maxBatchRows } from "@millrace/engine";

/** A dictionary of open-ended texts is given up for a new one above this size. */
const dictionaryLimit = 65_536;

/** A text column whose values come from a fixed list; `ids` are indexes into the list. */
export class PoolColumn {
  readonly ids = new Int32Array(maxBatchRows);
  readonly #dictionary = new Dictionary();

  constructor(texts: readonly string[]) {
    for (const text of texts) this.#dictionary.intern(text);
    if (this.#dictionary.size !== texts.length) throw new Error("a text is in the list twice");
  }

  column(valid: Uint8Array | null = null): Column {
    return { kind: "string", ids: this.ids, dictionary: this.#dictionary, valid };
  }
}

/** A text column of numbered things: `c-17`. The text of a number is made once. */
export class NumberedColumn {
  readonly #ids = new Int32Array(maxBatchRows);
  readonly #name: (number: number) => string;
  #dictionary = new Dictionary();
  #known = new Map<number, number>();

  constructor(name: (number: number) => string) {
    this.#name = name;
  }

  /** Call before the rows of a batch are set. */
  begin(): void {
    if (this.#dictionary.size <= dictionaryLimit) return;
    this.#dictionary = new Dictionary();
    this.#known = new Map();
  }

  set(row: number, number: number): void {
    let id = this.#known.get(number);
    if (id === undefined) {
      id = this.#dictionary.intern(this.#name(number));
      this.#known.set(number, id);
    }
    this.#ids[row] = id;
  }

  column(): Column {
    return { kind: "string", ids: this.#ids, dictionary: this.#dictionary, valid: null };
  }
}

/** A text column in which hardly any text comes twice; each batch has its own dictionary. */
export function uniqueTextColumn(length: number, text: (row: number) => string): Column {
  const dictionary = new Dictionary();
  const ids = new Int32Array(length);
  for (let row = 0; row < length; row++) ids[row] = dictionary.intern(text(row));
  return { kind: "string", ids, dictionary, valid: null };
}
