import type { Utf8Strings } from "./utf8-strings.ts";

/**
 * Strings, each with a dense id; distinct ones, unless `distinct` is false. It only ever grows; a producer that has seen too many
 * distinct values starts a new dictionary, and consumers notice by identity. Ids are meaningful only
 * together with their dictionary.
 */
export class Dictionary {
  /** The bytes of all strings, where the dictionary is a decoder's: strings are then made when first asked for. */
  readonly utf8: Utf8Strings | null;
  readonly #texts: (string | undefined)[] = [];
  /** Of texts alone. Built when first asked for, and brought up to date then. */
  readonly #ids = new Map<string, number>();
  #indexed = 0;
  /**
   * Set by what looks something up by ids and keeps it for the next record with the same: a producer whose strings hardly
   * repeat need not find out which do as long as nobody asks.
   */
  idsMatter = false;
  readonly #distinct: boolean;

  /** `distinct`: of texts alone; `append` may be given one that is there. */
  constructor(utf8: Utf8Strings | null = null, distinct = true) {
    this.utf8 = utf8;
    this.#distinct = utf8?.distinct ?? distinct;
  }

  get size(): number {
    return this.utf8 === null ? this.#texts.length : this.utf8.size;
  }

  /** False: equal strings may have several ids. */
  get distinct(): boolean {
    return this.#distinct;
  }

  /** The string of an id that this dictionary gave. */
  text(id: number): string {
    return this.#texts[id] ?? this.#made(id);
  }

  /** The id of `text`, added when new. */
  intern(text: string): number {
    const known = this.find(text);
    if (known >= 0) return known;
    const id = this.append(text);
    if (this.utf8 !== null) return id;
    this.#ids.set(text, id);
    this.#indexed = this.#texts.length;
    return id;
  }

  /** Adds a string that the caller knows to be new, where strings are distinct; returns its id. */
  append(text: string): number {
    return this.utf8 === null ? this.#texts.push(text) - 1 : this.utf8.intern(text);
  }

  /** The id of `text`, or -1 when the dictionary does not hold it. */
  find(text: string): number {
    if (this.utf8 !== null) {
      const id = this.utf8.find(text);
      // A lone surrogate has no bytes of its own.
      return id >= 0 && this.text(id) === text ? id : -1;
    }
    for (; this.#indexed < this.#texts.length; this.#indexed++) this.#ids.set(this.text(this.#indexed), this.#indexed);
    return this.#ids.get(text) ?? -1;
  }

  #made(id: number): string {
    if (this.utf8 === null) throw new RangeError(`the dictionary has ${this.size} strings, none with the id ${id}`);
    const text = this.utf8.text(id);
    // Ids of strings that come once are asked for once, and few of many: a list of them would be longer than what it saves.
    if (!this.utf8.distinct) return text;
    while (this.#texts.length < id) this.#texts.push(undefined);
    this.#texts[id] = text;
    return text;
  }
}
