import { Dictionary } from "./dictionary.ts";

/** Past this many distinct values a dictionary is replaced by a fresh one, so that memory stays bounded. */
const mostEntries = 1 << 16;
const firstSlots = 1 << 10;

/**
 * Finds the id of a string by its UTF-8 bytes, without making a string of it: open addressing over an arena
 * of the bytes. A string is made once, when its bytes are new.
 */
export class ByteDictionary {
  dictionary = new Dictionary();
  #slots = new Int32Array(firstSlots).fill(-1);
  #hashes = new Int32Array(firstSlots);
  #starts = new Int32Array(firstSlots);
  #lengths = new Int32Array(firstSlots);
  #arena = new Uint8Array(1 << 14);
  #arenaLength = 0;

  /** Starts a new dictionary when the present one is full. Call between batches only: a batch has one dictionary. */
  renewWhenFull(): void {
    if (this.dictionary.size < mostEntries) return;
    this.dictionary = new Dictionary();
    this.#slots = new Int32Array(firstSlots).fill(-1);
    this.#arenaLength = 0;
  }

  /** The id of `bytes[start, end)`, whose hash is `hash`; -1 when the bytes are not UTF-8. */
  idOf(bytes: Uint8Array, start: number, end: number, hash: number, ascii: boolean): number {
    const length = end - start;
    const mask = this.#slots.length - 1;
    let slot = spread(hash) & mask;
    for (let id = this.#slots[slot]; id >= 0; id = this.#slots[slot]) {
      if (this.#hashes[id] === hash && this.#lengths[id] === length && this.#sameBytes(this.#starts[id], bytes, start, length)) return id;
      slot = (slot + 1) & mask;
    }
    return this.#add(bytes, start, end, hash, ascii, slot);
  }

  /** The id of `bytes[start, end)`, which are ASCII; `view` is over the same bytes. */
  asciiId(bytes: Uint8Array, view: DataView, start: number, end: number): number {
    let hash = hashSeed;
    let at = start;
    for (; at + 4 <= end; at += 4) hash = mixWord(hash, view.getInt32(at, true));
    let tail = 0;
    for (let shift = 0; at < end; at++, shift += 8) tail |= bytes[at] << shift;
    return this.idOf(bytes, start, end, hashTail(hash, tail, end - start), true);
  }

  #sameBytes(at: number, bytes: Uint8Array, start: number, length: number): boolean {
    const arena = this.#arena;
    for (let i = 0; i < length; i++) if (arena[at + i] !== bytes[start + i]) return false;
    return true;
  }

  #add(bytes: Uint8Array, start: number, end: number, hash: number, ascii: boolean, slot: number): number {
    const text = ascii && end - start <= 64 ? asciiText(bytes, start, end) : utf8Text(bytes, start, end);
    if (text === null) return -1;
    const id = this.dictionary.append(text);
    this.#reserve(id, end - start);
    this.#hashes[id] = hash;
    this.#starts[id] = this.#arenaLength;
    this.#lengths[id] = end - start;
    this.#arena.set(bytes.subarray(start, end), this.#arenaLength);
    this.#arenaLength += end - start;
    this.#slots[slot] = id;
    if (this.dictionary.size * 2 > this.#slots.length) this.#rehash();
    return id;
  }

  #reserve(id: number, length: number): void {
    if (id >= this.#hashes.length) {
      this.#hashes = grown(this.#hashes);
      this.#starts = grown(this.#starts);
      this.#lengths = grown(this.#lengths);
    }
    if (this.#arenaLength + length > this.#arena.length) {
      const larger = new Uint8Array(Math.max(this.#arena.length * 2, this.#arenaLength + length));
      larger.set(this.#arena.subarray(0, this.#arenaLength));
      this.#arena = larger;
    }
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(-1);
    const mask = slots.length - 1;
    for (let id = 0; id < this.dictionary.size; id++) {
      let slot = spread(this.#hashes[id]) & mask;
      while (slots[slot] >= 0) slot = (slot + 1) & mask;
      slots[slot] = id;
    }
    this.#slots = slots;
  }
}

/** Start value of the hash that `idOf` takes: words of four bytes by `mixWord`, what is left and the length by `hashTail`. */
export const hashSeed = 0x811c9dc5 | 0;

/** Mixes four bytes (little-endian) into a hash, after MurmurHash3 (A. Appleby). */
export function mixWord(hash: number, word: number): number {
  const scrambled = Math.imul(word, 0xcc9e2d51);
  const mixed = hash ^ Math.imul((scrambled << 15) | (scrambled >>> 17), 0x1b873593);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

/** Ends a hash: up to three bytes in `tail`, and the length of the whole. */
export function hashTail(hash: number, tail: number, length: number): number {
  return mixWord(hash, tail) ^ length;
}

/** The hash of all the bytes. */
export function hashOf(bytes: Uint8Array): number {
  let hash = hashSeed;
  let at = 0;
  for (; at + 4 <= bytes.length; at += 4)
    hash = mixWord(hash, bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24));
  let tail = 0;
  for (let shift = 0; at < bytes.length; at++, shift += 8) tail |= bytes[at] << shift;
  return hashTail(hash, tail, bytes.length);
}

function spread(hash: number): number {
  return hash ^ (hash >>> 15);
}

function grown(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}

function asciiText(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i]);
  return text;
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text of UTF-8 bytes, or null when they are none. */
export function utf8Text(bytes: Uint8Array, start: number, end: number): string | null {
  try {
    return strictUtf8.decode(bytes.subarray(start, end));
  } catch {
    return null;
  }
}
