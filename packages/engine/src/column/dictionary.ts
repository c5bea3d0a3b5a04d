/**
 * Distinct strings, each with a dense id. It only ever grows; a producer that has seen too many
 * distinct values starts a new dictionary, and consumers notice by identity. Ids are meaningful only
 * together with their dictionary.
 */
export class Dictionary {
  readonly strings: string[] = [];
  readonly #ids = new Map<string, number>();

  get size(): number {
    return this.strings.length;
  }

  /** The id of `text`, added when new. */
  intern(text: string): number {
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    const id = this.strings.length;
    this.strings.push(text);
    this.#ids.set(text, id);
    return id;
  }

  /** The id of `text`, or -1 when the dictionary does not hold it. */
  find(text: string): number {
    return this.#ids.get(text) ?? -1;
  }
}
