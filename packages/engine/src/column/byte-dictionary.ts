import { maxBatchRows } from "./batch.ts";
import { wordSlack } from "./copy-words.ts";
import { Dictionary } from "./dictionary.ts";
import { hashSeed, hashTail, mixWord } from "./utf8-hash.ts";
import { Utf8Strings } from "./utf8-strings.ts";

/** Past this many values a dictionary is replaced by a fresh one, so that memory stays bounded. */
const mostEntries = 1 << 16;
/** Where each value has an id of its own, nothing is gained by more than these. */
const mostAppended = 1 << 12;
/** Nor may its bytes be more than these. */
const mostBytes = 1 << 24;
/** So many values show whether they repeat. */
const telling = 2048;

/**
 * The dictionaries, one after the other, of a string field that a decoder fills: ids are found by UTF-8 bytes. When
 * values hardly repeat and nothing downstream cares which do, each gets an id of its own instead.
 */
export class ByteDictionary {
  #strings = new Utf8Strings();
  dictionary = new Dictionary(this.#strings);
  /** Values that ids were asked for, of this dictionary. */
  #asked = 0;
  /** Something downstream goes by ids. */
  #idsMatter = false;

  /** Starts a new dictionary when the present one is full, or of the wrong kind. Call between batches only: a batch has one dictionary. */
  renewWhenFull(): void {
    const { size, bytes, byteLength, distinct } = this.#strings;
    this.#idsMatter ||= this.dictionary.idsMatter;
    const hardlyRepeat = this.#asked >= telling && size * 2 > this.#asked;
    const wantsDistinct = distinct ? this.#idsMatter || !hardlyRepeat : this.#idsMatter;
    if (wantsDistinct === distinct && size < (distinct ? mostEntries : mostAppended) && bytes.length <= mostBytes) return;
    // The next ones will most likely take about as many bytes.
    const expected = Math.ceil(byteLength * 1.25) + wordSlack;
    this.#strings =
      wantsDistinct || distinct ? new Utf8Strings(wantsDistinct) : new Utf8Strings(false, mostAppended + maxBatchRows, expected);
    this.dictionary = new Dictionary(this.#strings);
    this.#asked = 0;
  }

  /** The id of `bytes[start, end)`, whose hash is `hash`; -1 when the bytes are not UTF-8. */
  idOf(bytes: Uint8Array, start: number, end: number, hash: number, ascii: boolean): number {
    this.#asked++;
    if (!this.#strings.distinct) return this.#strings.append(bytes, start, end, ascii);
    return this.#strings.idOf(bytes, start, end, hash, ascii);
  }

  /** False: each value has an id of its own. It changes only in `renewWhenFull`. */
  get distinct(): boolean {
    return this.#strings.distinct;
  }

  /** The ids of the values of many rows where these have one each; see `Utf8Strings.appendRuns`. */
  runIds(bytes: Uint8Array, runs: Int32Array, at: number, valid: Uint8Array, ids: Int32Array, first: number): void {
    const before = this.#strings.size;
    this.#strings.appendRuns(bytes, runs, at, valid, ids, first);
    this.#asked += this.#strings.size - before;
  }

  /** The id of `bytes[start, end)`, which are ASCII; `view` is over the same bytes, and goes on for `wordSlack` bytes behind the end. */
  asciiId(bytes: Uint8Array, view: DataView, start: number, end: number): number {
    this.#asked++;
    if (!this.#strings.distinct) return this.#strings.appendKnown(bytes, view, start, end);
    let hash = hashSeed;
    let at = start;
    for (; at + 4 <= end; at += 4) hash = mixWord(hash, view.getInt32(at, true));
    let tail = 0;
    for (let shift = 0; at < end; at++, shift += 8) tail |= bytes[at] << shift;
    return this.#strings.idOfAscii(bytes, view, start, end, hashTail(hash, tail, end - start));
  }
}
