/**
 * Distinct strings, each with a dense id. It only ever grows; a producer that has seen too many
 * distinct values starts a new dictionary, and consumers notice by identity. Ids are meaningful only
 * together with their dictionary.
 */
export class Dictionary {
  readonly strings: string[] = [];
  /** Built when first asked for, and brought up to date then; decoders find their ids by bytes and never need it. */
  readonly #ids = new Map<string, number>();
  #indexed = 0;

  get size(): number {
    return this.strings.length;
  }

  /** The id of `text`, added when new. */
  intern(text: string): number {
    const known = this.find(text);
    if (known >= 0) return known;
    const id = this.append(text);
    this.#ids.set(text, id);
    this.#indexed = this.strings.length;
    return id;
  }

  /** Adds a string that the caller knows to be new; returns its id. */
  append(text: string): number {
    return this.strings.push(text) - 1;
  }

  /** The id of `text`, or -1 when the dictionary does not hold it. */
  find(text: string): number {
    for (; this.#indexed < this.strings.length; this.#indexed++) this.#ids.set(this.strings[this.#indexed], this.#indexed);
    return this.#ids.get(text) ?? -1;
  }
}
