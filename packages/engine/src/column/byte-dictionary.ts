import { Dictionary } from "./dictionary.ts";
import { hashSeed, hashTail, mixWord } from "./utf8-hash.ts";
import { Utf8Strings } from "./utf8-strings.ts";

/** Past this many distinct values a dictionary is replaced by a fresh one, so that memory stays bounded. */
const mostEntries = 1 << 16;
/** Nor may its bytes be more than these. */
const mostBytes = 1 << 24;

/** The dictionaries, one after the other, of a string field that a decoder fills: ids are found by UTF-8 bytes. */
export class ByteDictionary {
  #strings = new Utf8Strings();
  dictionary = new Dictionary(this.#strings);

  /** Starts a new dictionary when the present one is full. Call between batches only: a batch has one dictionary. */
  renewWhenFull(): void {
    if (this.#strings.size < mostEntries && this.#strings.bytes.length <= mostBytes) return;
    this.#strings = new Utf8Strings();
    this.dictionary = new Dictionary(this.#strings);
  }

  /** The id of `bytes[start, end)`, whose hash is `hash`; -1 when the bytes are not UTF-8. */
  idOf(bytes: Uint8Array, start: number, end: number, hash: number, ascii: boolean): number {
    return this.#strings.idOf(bytes, start, end, hash, ascii);
  }

  /** The id of `bytes[start, end)`, which are ASCII; `view` is over the same bytes. */
  asciiId(bytes: Uint8Array, view: DataView, start: number, end: number): number {
    let hash = hashSeed;
    let at = start;
    for (; at + 4 <= end; at += 4) hash = mixWord(hash, view.getInt32(at, true));
    let tail = 0;
    for (let shift = 0; at < end; at++, shift += 8) tail |= bytes[at] << shift;
    return this.#strings.idOf(bytes, start, end, hashTail(hash, tail, end - start), true);
  }
}
