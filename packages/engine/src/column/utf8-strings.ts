import { copyWords, sameWords, wordSlack } from "./copy-words.ts";
import { hashOf, spreadHash } from "./utf8-hash.ts";

const firstEntries = 1 << 10;
const firstBytes = 1 << 14;
/** Up to this many bytes are copied word by word. */
const longestByWords = 256;

/**
 * Strings as their UTF-8 bytes, one after the other, each with a dense id. Where they are distinct, an id is found by the
 * bytes (open addressing); else each string that comes has an id of its own, and is not looked for. It only ever grows.
 */
export class Utf8Strings {
  readonly distinct: boolean;
  #slots: Int32Array<ArrayBuffer>;
  #size = 0;
  #length = 0;
  /** By id: the hash (of distinct strings alone), where the bytes begin in `bytes`, and how many they are. */
  hashes: Int32Array<ArrayBuffer>;
  starts: Int32Array<ArrayBuffer>;
  lengths: Int32Array<ArrayBuffer>;
  bytes: Uint8Array<ArrayBuffer>;
  /** Over `bytes`. */
  view: DataView;

  /** `entries` and `byteCapacity`: for how much there is room from the start. */
  constructor(distinct = true, entries = firstEntries, byteCapacity = firstBytes) {
    this.distinct = distinct;
    this.hashes = new Int32Array(distinct ? entries : 0);
    this.starts = new Int32Array(entries);
    this.lengths = new Int32Array(entries);
    this.bytes = new Uint8Array(byteCapacity);
    this.view = new DataView(this.bytes.buffer);
    this.#slots = new Int32Array(distinct ? entries * 2 : 0).fill(-1);
  }

  get size(): number {
    return this.#size;
  }

  /** Bytes of all strings. */
  get byteLength(): number {
    return this.#length;
  }

  /** The id of `bytes[start, end)`, whose hash is `hash`, added when new; -1 when the bytes are not UTF-8. */
  idOf(bytes: Uint8Array, start: number, end: number, hash: number, ascii: boolean): number {
    const length = end - start;
    const mask = this.#slots.length - 1;
    let slot = spreadHash(hash) & mask;
    for (let id = this.#slots[slot]; id >= 0; id = this.#slots[slot]) {
      if (this.hashes[id] === hash && this.lengths[id] === length && this.#sameBytes(this.starts[id], bytes, start, length)) return id;
      slot = (slot + 1) & mask;
    }
    return ascii || utf8Text(bytes, start, end) !== null ? this.#add(bytes, start, end, hash, slot) : -1;
  }

  /** As `idOf`, of ASCII bytes of a view that goes on for `wordSlack` bytes behind them. */
  idOfAscii(bytes: Uint8Array, view: DataView, start: number, end: number, hash: number): number {
    const length = end - start;
    const mask = this.#slots.length - 1;
    let slot = spreadHash(hash) & mask;
    for (let id = this.#slots[slot]; id >= 0; id = this.#slots[slot]) {
      if (this.hashes[id] === hash && this.lengths[id] === length && sameWords(this.view, this.starts[id], view, start, length)) return id;
      slot = (slot + 1) & mask;
    }
    return this.#add(bytes, start, end, hash, slot);
  }

  /** A new id for `bytes[start, end)`, where strings need not be distinct; -1 when the bytes are not UTF-8. */
  append(bytes: Uint8Array, start: number, end: number, ascii: boolean): number {
    return ascii || utf8Text(bytes, start, end) !== null ? this.#store(bytes, start, end) : -1;
  }

  /** As `append`, of bytes that are known to be UTF-8, of a view that goes on for `wordSlack` bytes behind them. */
  appendKnown(bytes: Uint8Array, view: DataView, start: number, end: number): number {
    const length = end - start;
    if (length > longestByWords) return this.#store(bytes, start, end);
    const id = this.#size++;
    this.#reserve(id, length);
    copyWords(view, start, length, this.view, this.#length);
    this.starts[id] = this.#length;
    this.lengths[id] = length;
    this.#length += length;
    return id;
  }

  /**
   * As `append`, of the ASCII strings of many rows, which lie one behind the other in `bytes`: that of row `i` from `runs[at + 2 * i]`
   * until `runs[at + 2 * i + 1]`, of those that are valid. Their ids go to `ids` from `first` on.
   */
  appendRuns(bytes: Uint8Array, runs: Int32Array, at: number, valid: Uint8Array, ids: Int32Array, first: number): void {
    const from = valid.indexOf(1);
    if (from < 0) return;
    const to = valid.lastIndexOf(1) + 1;
    const start = runs[at + from * 2];
    const length = runs[at + to * 2 - 1] - start;
    this.#reserve(this.#size + to - from, length);
    this.bytes.set(bytes.subarray(start, start + length), this.#length);
    const shift = this.#length - start;
    this.#length += length;
    const { starts, lengths } = this;
    let id = this.#size;
    for (let row = from; row < to; row++) {
      if (valid[row] === 0) continue;
      const begin = runs[at + row * 2];
      starts[id] = begin + shift;
      lengths[id] = runs[at + row * 2 + 1] - begin;
      ids[first + row] = id++;
    }
    this.#size = id;
  }

  /** The id of a text, added when new. Lone surrogates become U+FFFD. */
  intern(text: string): number {
    const bytes = encoder.encode(text);
    if (!this.distinct) return this.#store(bytes, 0, bytes.length);
    return this.idOf(bytes, 0, bytes.length, hashOf(bytes), true);
  }

  /** The id of a text, the first one where it has several, or -1. */
  find(text: string): number {
    const bytes = encoder.encode(text);
    if (!this.distinct) return this.#findAny(bytes);
    const hash = hashOf(bytes);
    const mask = this.#slots.length - 1;
    let slot = spreadHash(hash) & mask;
    for (let id = this.#slots[slot]; id >= 0; id = this.#slots[slot]) {
      if (this.hashes[id] === hash && this.lengths[id] === bytes.length && this.#sameBytes(this.starts[id], bytes, 0, bytes.length))
        return id;
      slot = (slot + 1) & mask;
    }
    return -1;
  }

  /** A new string of the bytes of `id`. */
  text(id: number): string {
    return textOfUtf8(this.bytes, this.starts[id], this.starts[id] + this.lengths[id]);
  }

  #sameBytes(at: number, bytes: Uint8Array, start: number, length: number): boolean {
    const own = this.bytes;
    for (let i = 0; i < length; i++) if (own[at + i] !== bytes[start + i]) return false;
    return true;
  }

  #findAny(bytes: Uint8Array): number {
    for (let id = 0; id < this.#size; id++)
      if (this.lengths[id] === bytes.length && this.#sameBytes(this.starts[id], bytes, 0, bytes.length)) return id;
    return -1;
  }

  #add(bytes: Uint8Array, start: number, end: number, hash: number, slot: number): number {
    const id = this.#store(bytes, start, end);
    this.hashes[id] = hash;
    this.#slots[slot] = id;
    if (this.#size * 2 > this.#slots.length) this.#rehash();
    return id;
  }

  #store(bytes: Uint8Array, start: number, end: number): number {
    const id = this.#size++;
    const length = end - start;
    this.#reserve(id, length);
    this.starts[id] = this.#length;
    this.lengths[id] = length;
    const own = this.bytes;
    const at = this.#length;
    if (length > 64) own.set(bytes.subarray(start, end), at);
    else for (let i = 0; i < length; i++) own[at + i] = bytes[start + i];
    this.#length += length;
    return id;
  }

  #reserve(id: number, length: number): void {
    while (id >= this.starts.length) {
      if (this.distinct) this.hashes = grown(this.hashes);
      this.starts = grown(this.starts);
      this.lengths = grown(this.lengths);
    }
    // Strings are copied by words, beyond their ends.
    if (this.#length + length + wordSlack > this.bytes.length) {
      const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.#length + length + wordSlack));
      larger.set(this.bytes.subarray(0, this.#length));
      this.bytes = larger;
      this.view = new DataView(larger.buffer);
    }
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(-1);
    const mask = slots.length - 1;
    for (let id = 0; id < this.#size; id++) {
      let slot = spreadHash(this.hashes[id]) & mask;
      while (slots[slot] >= 0) slot = (slot + 1) & mask;
      slots[slot] = id;
    }
    this.#slots = slots;
  }
}

const encoder = new TextEncoder();
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text of UTF-8 bytes, or null when they are none. */
export function utf8Text(bytes: Uint8Array, start: number, end: number): string | null {
  try {
    return strictUtf8.decode(bytes.subarray(start, end));
  } catch {
    return null;
  }
}

/** The text of bytes that are known to be UTF-8. */
export function textOfUtf8(bytes: Uint8Array, start: number, end: number): string {
  return (end - start <= 32 ? shortAscii(bytes, start, end) : null) ?? utf8.decode(bytes.subarray(start, end));
}

/** The text of ASCII bytes, or null when they are none; quicker than a `TextDecoder` for a few bytes. */
function shortAscii(bytes: Uint8Array, start: number, end: number): string | null {
  let text = "";
  for (let i = start; i < end; i++) {
    if (bytes[i] > 0x7f) return null;
    text += String.fromCharCode(bytes[i]);
  }
  return text;
}

function grown(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
