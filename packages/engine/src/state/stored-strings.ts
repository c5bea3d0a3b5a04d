import type { Column } from "../column/column.ts";
import { type ColumnBuilder, StringColumnBuilder } from "../column/column-builder.ts";
import { wordSlack } from "../column/copy-words.ts";
import { Dictionary } from "../column/dictionary.ts";
import { textOfUtf8, Utf8Strings } from "../column/utf8-strings.ts";
import { grownInt32, highest } from "./grown-array.ts";
import { SlotBytes } from "./slot-bytes.ts";
import type { StoredColumn } from "./stored-column.ts";
import { StringTable } from "./string-table.ts";

/** What a slot holds: nothing, bytes of its own, or a text whose id is so much less. */
const nothing = 0;
const ownBytes = 1;
const firstText = 2;

/**
 * The strings of rows that stay. Those that repeat are there once each, and forgotten with the last slot that holds them; those that
 * come in a dictionary that does not look which repeat are bytes of their slots, neither made nor looked up.
 */
export class StoredStrings implements StoredColumn {
  // Who keeps strings does not care which of them are equal.
  readonly #texts = new StringTable({ idsMatter: false });
  /** By slot: `nothing`, `ownBytes`, or `firstText` and the id in `#texts`, of NULL too. */
  #holds: Int32Array = new Int32Array(16);
  #found: Int32Array = new Int32Array(16);
  readonly #own = new SlotBytes();
  readonly #places = new Places();

  get bytes(): number {
    return this.#texts.bytes + this.#holds.byteLength + this.#own.memory;
  }

  set(column: Column, rows: Int32Array, count: number, slots: Int32Array): void {
    if (column.kind !== "string") throw new TypeError(`a string column is needed, not ${column.kind}`);
    this.#holds = grownInt32(this.#holds, highest(slots, count) + 1);
    const { utf8 } = column.dictionary;
    const isOwn = utf8 !== null && !utf8.distinct && this.#own.putAll(utf8, column.ids, column.valid, rows, count, slots);
    if (isOwn) this.#setOwn(slots, count);
    else this.#intern(column, rows, count, slots);
  }

  same(a: number, b: number): boolean {
    const [one, other] = [this.#holds[a], this.#holds[b]];
    if (one !== ownBytes && other !== ownBytes) return one === other;
    return one === other ? this.#own.same(a, b) : this.#textAt(a) === this.#textAt(b);
  }

  clear(slots: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      const held = this.#holds[slots[i]];
      if (held === ownBytes) this.#own.drop(slots[i]);
      else this.#texts.drop(held - firstText);
      this.#holds[slots[i]] = nothing;
    }
  }

  write(slots: Int32Array, count: number, into: ColumnBuilder): void {
    if (into instanceof StringColumnBuilder && this.#areOwn(slots, count)) {
      const { bytes, view, starts, lengths } = this.#own;
      for (let i = 0; i < count; i++) {
        const slot = slots[i];
        if (slot < 0 || this.#holds[slot] !== ownBytes) into.setNull(i);
        else into.appendBytes(i, bytes, view, starts[slot], starts[slot] + lengths[slot]);
      }
    } else if (into instanceof StringColumnBuilder) this.#writeTexts(slots, count, into);
    else for (let i = 0; i < count; i++) into.set(i, slots[i] < 0 ? null : this.#textAt(slots[i]));
  }

  /** A string that several rows have is looked up once. */
  #writeTexts(slots: Int32Array, count: number, into: StringColumnBuilder): void {
    const places = this.#places.begin(this.#texts.capacity);
    for (let i = 0; i < count; i++) {
      if (slots[i] < 0) {
        into.setNull(i);
        continue;
      }
      const id = this.#holds[slots[i]] - firstText;
      if (id >= 0 && places[id] >= 0) {
        into.repeat(i, places[id]);
        continue;
      }
      const text = this.#textAt(slots[i]);
      if (text === null) {
        into.setNull(i);
        continue;
      }
      into.setString(i, text);
      if (id >= 0) this.#places.note(id, i);
    }
    this.#places.end();
  }

  column(slots: Int32Array, count: number): Column {
    return this.gather(slots, count);
  }

  gather(slots: Int32Array, count: number): Column {
    return this.#areOwn(slots, count) ? this.#gatherOwn(slots, count) : this.#gatherTexts(slots, count);
  }

  #gatherOwn(slots: Int32Array, count: number): Column {
    const { bytes, view, starts, lengths } = this.#own;
    let total = 0;
    for (let i = 0; i < count; i++) if (this.#holds[slots[i]] === ownBytes) total += lengths[slots[i]];
    const strings = new Utf8Strings(false, Math.max(1, count), total + wordSlack);
    const ids = new Int32Array(count);
    const valid = new Uint8Array(count);
    for (let i = 0; i < count; i++) {
      const slot = slots[i];
      if (this.#holds[slot] !== ownBytes) continue;
      ids[i] = strings.appendKnown(bytes, view, starts[slot], starts[slot] + lengths[slot]);
      valid[i] = 1;
    }
    return { kind: "string", ids, dictionary: new Dictionary(strings), valid };
  }

  #gatherTexts(slots: Int32Array, count: number): Column {
    const dictionary = new Dictionary();
    const ids = new Int32Array(count);
    const valid = new Uint8Array(count);
    const places = this.#places.begin(this.#texts.capacity);
    for (let i = 0; i < count; i++) {
      const id = this.#holds[slots[i]] - firstText;
      const place = id >= 0 ? places[id] : -1;
      const text = place >= 0 ? null : this.#textAt(slots[i]);
      if (place < 0 && text === null) continue;
      // Bytes of a slot may be a text that others share.
      ids[i] = text === null ? place : dictionary.intern(text);
      valid[i] = 1;
      if (id >= 0 && place < 0) this.#places.note(id, ids[i]);
    }
    this.#places.end();
    return { kind: "string", ids, dictionary, valid };
  }

  #setOwn(slots: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      if (this.#own.has(slots[i])) this.#holds[slots[i]] = ownBytes;
      else this.#hold(slots[i], this.#texts.idOf(null));
    }
  }

  #intern(column: Column, rows: Int32Array, count: number, slots: Int32Array): void {
    this.#found = grownInt32(this.#found, count);
    this.#texts.ids(column, rows, count, this.#found);
    for (let i = 0; i < count; i++) this.#hold(slots[i], this.#found[i]);
  }

  #hold(slot: number, id: number): void {
    this.#holds[slot] = firstText + id;
    this.#texts.retain(id);
  }

  /** Whether all strings of some slots are bytes of theirs, NULL apart. */
  #areOwn(slots: Int32Array, count: number): boolean {
    let some = false;
    for (let i = 0; i < count; i++) {
      if (slots[i] < 0) continue;
      const held = this.#holds[slots[i]];
      if (held === ownBytes) some = true;
      else if (held >= firstText && this.#texts.value(held - firstText) !== null) return false;
    }
    return some;
  }

  #textAt(slot: number): string | null {
    const held = this.#holds[slot];
    // Of a slot that was never set there may be no entry.
    if (!(held > nothing)) return null;
    if (held >= firstText) return this.#texts.value(held - firstText);
    const start = this.#own.starts[slot];
    return textOfUtf8(this.#own.bytes, start, start + this.#own.lengths[slot]);
  }
}

/** Where ids have been met; each time for few of all. */
class Places {
  /** By id; -1 of those that have not been met. */
  #of: Int32Array = new Int32Array(0);
  readonly #met: number[] = [];

  /** All ids are below `ids`. The array is good until `end`. */
  begin(ids: number): Int32Array {
    const before = this.#of.length;
    this.#of = grownInt32(this.#of, ids);
    this.#of.fill(-1, before);
    return this.#of;
  }

  note(id: number, place: number): void {
    this.#of[id] = place;
    this.#met.push(id);
  }

  end(): void {
    for (const id of this.#met) this.#of[id] = -1;
    this.#met.length = 0;
  }
}
