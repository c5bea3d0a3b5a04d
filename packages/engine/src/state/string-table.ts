import type { Column } from "../column/column.ts";
import type { ColumnBuilder } from "../column/column-builder.ts";
import type { Dictionary } from "../column/dictionary.ts";
import { DirtyRows } from "./dirty-rows.ts";
import { grownInt32, grownUint8 } from "./grown-array.ts";
import { IdPool } from "./id-pool.ts";
import type { SnapshotReader } from "./snapshot-reader.ts";
import { readText } from "./snapshot-text.ts";
import type { SnapshotWriter } from "./snapshot-writer.ts";
import { usedRows } from "./used-rows.ts";
import type { PlainValue, ValueTable } from "./value-table.ts";

const none = -1;
/** Dictionaries whose ids are translated at any time: one for each input of a union, and the one before. */
const translationLimit = 4;
/** Bytes of a string in a Map, besides its characters; roughly. */
const entryBytes = 56;

/** What the ids of a dictionary are here. Of a string that a dictionary holds twice, only one entry is kept. */
interface Translation {
  readonly dictionary: Dictionary;
  /** Id + 1 by dictionary id; 0 = not looked up yet. */
  ids: Int32Array;
  /** Dictionary id + 1 by id: the entry of `ids` to clear when the id is forgotten. */
  entries: Int32Array;
  /** How many ids have been asked for. */
  asked: number;
}

/** Fewer than one in so many strings of a dictionary are few. */
const fewAsked = 8;

/**
 * Ids of strings. Those of a batch are found by its dictionary's ids through a translation that is kept
 * per dictionary, so that a string is hashed once for each dictionary that it is in, not once a record.
 */
export class StringTable implements ValueTable {
  readonly #pool = new IdPool();
  readonly #byText = new Map<string, number>();
  /** By id; null is NULL. */
  readonly #texts: (string | null)[] = [];
  /** By id: 1 = in use. */
  #used: Uint8Array = new Uint8Array(16);
  /** By id; empty until something refers to one. */
  #references: Int32Array = new Int32Array(0);
  #nullId = none;
  #characters = 0;
  readonly #dirty = new DirtyRows();
  /** Latest used first. */
  readonly #translations: Translation[] = [];
  readonly #idsMatter: boolean;

  /** `idsMatter`: producers are told to find out which strings are equal, where most of theirs are asked for. */
  constructor({ idsMatter }: { readonly idsMatter: boolean } = { idsMatter: true }) {
    this.#idsMatter = idsMatter;
  }

  get capacity(): number {
    return this.#pool.capacity;
  }

  get size(): number {
    return this.#pool.size;
  }

  get bytes(): number {
    return this.size * entryBytes + this.#characters * 2 + this.#used.byteLength + this.#references.byteLength;
  }

  ids(column: Column, rows: Int32Array, count: number, into: Int32Array): void {
    if (column.kind !== "string") throw new TypeError(`a string column is needed, not ${column.kind}`);
    const { ids, valid } = column;
    const translation = this.#translation(column.dictionary, count);
    const known = translation.ids;
    for (let p = 0; p < count; p++) {
      const row = rows[p];
      if (valid !== null && valid[row] === 0) {
        into[p] = this.#idOfNull();
        continue;
      }
      const id = known[ids[row]];
      into[p] = id > 0 ? id - 1 : this.#translate(translation, ids[row]);
    }
  }

  find(column: Column, rows: Int32Array, count: number, into: Int32Array): void {
    if (column.kind !== "string") throw new TypeError(`a string column is needed, not ${column.kind}`);
    const { ids, valid, dictionary } = column;
    const translation = this.#translation(dictionary, count);
    const known = translation.ids;
    for (let p = 0; p < count; p++) {
      const row = rows[p];
      if (valid !== null && valid[row] === 0) into[p] = this.#nullId;
      else if (known[ids[row]] > 0) into[p] = known[ids[row]] - 1;
      else into[p] = this.#byText.has(dictionary.text(ids[row])) ? this.#translate(translation, ids[row]) : none;
    }
  }

  idOf(value: PlainValue): number {
    return value === null ? this.#idOfNull() : this.#idOfText(String(value));
  }

  retain(id: number): void {
    if (id >= this.#references.length) this.#references = grownInt32(this.#references, this.#used.length);
    this.#references[id]++;
    this.#dirty.mark(id);
  }

  drop(id: number): void {
    this.#dirty.mark(id);
    if (--this.#references[id] === 0) this.forget(id);
  }

  forget(id: number): void {
    const text = this.#texts[id];
    if (text === null) this.#nullId = none;
    else this.#forgetText(id, text);
    this.#texts[id] = null;
    this.#used[id] = 0;
    this.#dirty.mark(id);
    this.#pool.give(id);
  }

  value(id: number): string | null {
    return this.#texts[id];
  }

  write(id: number, into: ColumnBuilder, row: number): void {
    into.set(row, this.#texts[id]);
  }

  snapshot(writer: SnapshotWriter, name: string): void {
    writer.f64(this.#nullId);
    writer.table({
      kind: "columns",
      name,
      rows: this.capacity,
      pool: this.#pool,
      dirty: this.#dirty,
      columns: [this.#used, ...this.#counted()],
      texts: this.#texts,
    });
  }

  restore(reader: SnapshotReader, name: string): void {
    if (!reader.hasTable(name)) {
      this.#restoreList(reader);
      return;
    }
    this.#nullId = reader.f64();
    const table = reader.table(name);
    this.#used = table.u8(0);
    if (table.width > 1) this.#references = table.i32(1);
    this.#pool.restore(usedRows(this.#used, table.rows));
    this.#reserve(this.capacity);
    for (let id = 0; id < this.capacity; id++) {
      if (this.#used[id] === 1 && id !== this.#nullId) this.#setText(id, table.texts[id] ?? "");
    }
  }

  #counted(): readonly Int32Array[] {
    return this.#references.length === 0 ? [] : [this.#references];
  }

  /** As snapshots were before they had tables. */
  #restoreList(reader: SnapshotReader): void {
    const ids = reader.i32Array();
    const references = reader.i32Array();
    this.#nullId = reader.f64();
    this.#pool.restore(ids);
    this.#reserve(this.capacity);
    this.#references = new Int32Array(this.#used.length);
    ids.forEach((id, i) => {
      const text = readText(reader);
      this.#used[id] = 1;
      this.#references[id] = references[i];
      this.#dirty.mark(id);
      if (id !== this.#nullId) this.#setText(id, text);
    });
  }

  /** `count`: how many ids are asked for. */
  #translation(dictionary: Dictionary, count: number): Translation {
    const translations = this.#translations;
    const at = translations.findIndex((translation) => translation.dictionary === dictionary);
    const found = at < 0 ? newTranslation(dictionary) : translations[at];
    if (at !== 0) {
      if (at > 0) translations.splice(at, 1);
      else if (translations.length === translationLimit) translations.pop();
      translations.unshift(found);
    }
    found.ids = grownInt32(found.ids, dictionary.size);
    found.asked += count;
    // Who keeps few of the records is not worth it that the producer finds out which of all strings repeat.
    if (this.#idsMatter && found.asked * fewAsked >= dictionary.size) dictionary.idsMatter = true;
    return found;
  }

  #translate(translation: Translation, dictionaryId: number): number {
    const id = this.#idOfText(translation.dictionary.text(dictionaryId));
    translation.entries = grownInt32(translation.entries, id + 1);
    if (translation.entries[id] === 0) {
      translation.entries[id] = dictionaryId + 1;
      translation.ids[dictionaryId] = id + 1;
    }
    return id;
  }

  #idOfText(text: string): number {
    const known = this.#byText.get(text);
    if (known !== undefined) return known;
    const id = this.#register();
    this.#setText(id, text);
    return id;
  }

  #setText(id: number, text: string): void {
    this.#texts[id] = text;
    this.#byText.set(text, id);
    this.#characters += text.length;
  }

  #forgetText(id: number, text: string): void {
    this.#byText.delete(text);
    this.#characters -= text.length;
    for (const { ids, entries } of this.#translations) {
      if (id >= entries.length || entries[id] === 0) continue;
      ids[entries[id] - 1] = 0;
      entries[id] = 0;
    }
  }

  #idOfNull(): number {
    if (this.#nullId === none) this.#nullId = this.#register();
    return this.#nullId;
  }

  #register(): number {
    const id = this.#pool.take();
    this.#reserve(id + 1);
    this.#used[id] = 1;
    this.#dirty.mark(id);
    return id;
  }

  #reserve(ids: number): void {
    while (this.#texts.length < ids) this.#texts.push(null);
    this.#used = grownUint8(this.#used, ids);
  }
}

function newTranslation(dictionary: Dictionary): Translation {
  return { dictionary, ids: new Int32Array(Math.max(16, dictionary.size)), entries: new Int32Array(16), asked: 0 };
}
