import type { Column } from "../column/column.ts";
import { type ColumnBuilder, StringColumnBuilder } from "../column/column-builder.ts";
import { Dictionary } from "../column/dictionary.ts";
import { grownInt32, grownUint8, highest } from "./grown-array.ts";
import type { StoredColumn } from "./stored-column.ts";

/** Dictionaries that are kept for the strings of rows; of more, those of the one with the fewest rows are kept as texts. */
const mostDictionaries = 16;
/** Where the string of a slot is: it is NULL, a text, or in the dictionary of this place and up. */
const isNull = 0;
const isText = 1;
const firstPlace = 2;
/** In place of a dictionary, when strings come from several. */
const several = -1;

/**
 * The strings of rows that soon go on, as ids in the dictionaries that they came in: they are neither made nor looked up.
 * Rows that stay would keep whole dictionaries; theirs are in a `StoredStrings`.
 */
export class PassingStrings implements StoredColumn {
  /** By slot. */
  #places: Uint8Array = new Uint8Array(16);
  #ids: Int32Array = new Int32Array(16);
  readonly #texts: (string | null)[] = [];
  /** By place. */
  readonly #dictionaries: Dictionary[] = [];
  readonly #rows: number[] = [];
  #latest = 0;
  #written: Int32Array = new Int32Array(16);

  get bytes(): number {
    return this.#places.byteLength + this.#ids.byteLength + this.#texts.length * 56;
  }

  set(column: Column, rows: Int32Array, count: number, slots: Int32Array): void {
    if (column.kind !== "string") throw new TypeError(`a string column is needed, not ${column.kind}`);
    const { ids, valid } = column;
    this.#reserve(slots, count);
    const place = this.#placeOf(column.dictionary);
    let nulls = 0;
    for (let i = 0; i < count; i++) {
      const slot = slots[i];
      if (valid !== null && valid[rows[i]] === 0) {
        this.#places[slot] = isNull;
        nulls++;
      } else {
        this.#places[slot] = firstPlace + place;
        this.#ids[slot] = ids[rows[i]];
      }
    }
    this.#rows[place] += count - nulls;
  }

  same(a: number, b: number): boolean {
    return this.#textAt(a) === this.#textAt(b);
  }

  clear(slots: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      const slot = slots[i];
      const place = this.#places[slot];
      this.#places[slot] = isNull;
      if (place >= firstPlace) this.#rows[place - firstPlace]--;
      else if (place === isText) this.#texts[slot] = null;
    }
  }

  write(slots: Int32Array, count: number, into: ColumnBuilder): void {
    const place = into instanceof StringColumnBuilder ? this.#placeOfAll(slots, count) : several;
    if (into instanceof StringColumnBuilder && place !== several) {
      into.share(this.#dictionaries[place - firstPlace], this.#idsAt(slots, count), count);
      return;
    }
    if (into instanceof StringColumnBuilder && this.#hardlyRepeat(slots, count)) {
      for (let i = 0; i < count; i++) {
        const from = slots[i] < 0 ? isNull : this.#places[slots[i]];
        if (from === isNull) into.setNull(i);
        else into.append(i, this.#dictionaries[from - firstPlace], this.#ids[slots[i]]);
      }
      return;
    }
    for (let i = 0; i < count; i++) into.set(i, slots[i] < 0 ? null : this.#textAt(slots[i]));
  }

  column(slots: Int32Array, count: number): Column {
    const place = this.#placeOfAll(slots, count);
    if (place === several) return this.gather(slots, count);
    const ids = this.#idsAt(slots, count);
    return {
      kind: "string",
      ids,
      dictionary: this.#dictionaries[place - firstPlace],
      valid: Uint8Array.from(ids, (id) => (id < 0 ? 0 : 1)),
    };
  }

  gather(slots: Int32Array, count: number): Column {
    const dictionary = new Dictionary();
    const ids = new Int32Array(count);
    const valid = new Uint8Array(count);
    for (let i = 0; i < count; i++) {
      const text = this.#textAt(slots[i]);
      if (text === null) continue;
      ids[i] = dictionary.intern(text);
      valid[i] = 1;
    }
    return { kind: "string", ids, dictionary, valid };
  }

  #textAt(slot: number): string | null {
    const place = this.#places[slot];
    if (place === isNull) return null;
    return place === isText ? this.#texts[slot] : this.#dictionaries[place - firstPlace].text(this.#ids[slot]);
  }

  /** The place in which all strings of some slots are, NULL apart; `several` when there is none. */
  #placeOfAll(slots: Int32Array, count: number): number {
    const places = this.#places;
    let place = isNull;
    for (let i = 0; i < count; i++) {
      const at = slots[i] < 0 ? isNull : places[slots[i]];
      if (at === isNull || at === place) continue;
      if (place !== isNull) return several;
      place = at;
    }
    return place >= firstPlace ? place : several;
  }

  /** -1 for NULL. */
  #idsAt(slots: Int32Array, count: number): Int32Array {
    this.#written = grownInt32(this.#written, count);
    const written = this.#written;
    for (let i = 0; i < count; i++) written[i] = slots[i] < 0 || this.#places[slots[i]] === isNull ? -1 : this.#ids[slots[i]];
    return written;
  }

  /** Whether the strings of some slots are bytes of dictionaries that hold each as often as it came. */
  #hardlyRepeat(slots: Int32Array, count: number): boolean {
    for (let i = 0; i < count; i++) {
      const place = slots[i] < 0 ? isNull : this.#places[slots[i]];
      if (place === isText || (place >= firstPlace && this.#dictionaries[place - firstPlace].distinct)) return false;
    }
    return true;
  }

  #placeOf(dictionary: Dictionary): number {
    if (this.#dictionaries[this.#latest] !== dictionary) {
      const known = this.#dictionaries.indexOf(dictionary);
      this.#latest = known >= 0 ? known : this.#newPlace(dictionary);
    }
    return this.#latest;
  }

  #newPlace(dictionary: Dictionary): number {
    let place = this.#rows.indexOf(0);
    if (place < 0 && this.#rows.length < mostDictionaries) place = this.#rows.length;
    if (place < 0) {
      place = this.#rows.indexOf(Math.min(...this.#rows));
      this.#keepTexts(place);
    }
    this.#dictionaries[place] = dictionary;
    this.#rows[place] = 0;
    return place;
  }

  #keepTexts(place: number): void {
    const dictionary = this.#dictionaries[place];
    while (this.#texts.length < this.#places.length) this.#texts.push(null);
    for (let slot = 0; slot < this.#places.length; slot++) {
      if (this.#places[slot] !== firstPlace + place) continue;
      this.#texts[slot] = dictionary.text(this.#ids[slot]);
      this.#places[slot] = isText;
    }
  }

  #reserve(slots: Int32Array, count: number): void {
    const most = highest(slots, count);
    this.#places = grownUint8(this.#places, most + 1);
    this.#ids = grownInt32(this.#ids, most + 1);
  }
}
