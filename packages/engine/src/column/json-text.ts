import { copyPlainWords, wordSlack } from "./copy-words.ts";
import type { Dictionary } from "./dictionary.ts";

const quote = 0x22;
const backslash = 0x5c;
const minus = 0x2d;
const zero = 0x30;
const encoder = new TextEncoder();
/** The digits of 0 to 99, two each. */
const pairs = Uint8Array.from({ length: 200 }, (_, i) => zero + (i % 2 === 0 ? Math.floor(i / 20) : (i >> 1) % 10));

/** The most bytes that `writeJsonNumber` writes. */
export const longestNumber = 25;

/**
 * Writes a number as JSON at `at` of `into`, which must have room for `longestNumber` bytes; what is not finite is
 * `null`. Returns where it ended.
 */
export function writeJsonNumber(into: Uint8Array, at: number, value: number): number {
  if (!Number.isSafeInteger(value)) return writeAscii(into, at, Number.isFinite(value) ? String(value) : "null");
  let rest = value;
  let end = at;
  if (rest < 0) {
    into[end++] = minus;
    rest = -rest;
  }
  let digits = 1;
  for (let bound = 10; rest >= bound && digits < 17; bound *= 10) digits++;
  end += digits;
  let place = end;
  // Beyond 32 bits integer division is slow in doubles, so the digits come off in groups of eight.
  while (rest > 0x3fffffff) {
    const upper = Math.floor(rest / 1e8);
    let lower = (rest - upper * 1e8) | 0;
    for (let pair = 0; pair < 4; pair++) {
      const next = (lower / 100) | 0;
      const at = (lower - next * 100) * 2;
      into[--place] = pairs[at + 1];
      into[--place] = pairs[at];
      lower = next;
    }
    rest = upper;
  }
  let small = rest | 0;
  while (small >= 100) {
    const next = (small / 100) | 0;
    const at = (small - next * 100) * 2;
    into[--place] = pairs[at + 1];
    into[--place] = pairs[at];
    small = next;
  }
  if (small >= 10) into[--place] = pairs[small * 2 + 1];
  into[--place] = small >= 10 ? pairs[small * 2] : zero + small;
  return end;
}

/** The most bytes that the string of an id takes as JSON, most likely; `writeJsonString` answers -1 when it takes more. */
export function likelyJsonLength(dictionary: Dictionary, id: number): number {
  return (dictionary.utf8 === null ? dictionary.text(id).length : dictionary.utf8.lengths[id]) + 2;
}

/**
 * Writes the string of an id as JSON at `at` of `into`, which must have room for `likelyJsonLength` and `wordSlack`; `view` is over the same
 * bytes. Returns where it
 * ended, or -1 when it cannot be written as it is: a character must be escaped, or takes more than one byte in a
 * dictionary that has no bytes; then `jsonStringBytes` gives it.
 */
export function writeJsonString(into: Uint8Array, view: DataView, at: number, dictionary: Dictionary, id: number): number {
  const { utf8 } = dictionary;
  into[at] = quote;
  let end = at + 1;
  if (utf8 !== null) {
    const { bytes } = utf8;
    const start = utf8.starts[id];
    const length = utf8.lengths[id];
    const stop = start + length;
    if (start + length + wordSlack <= bytes.length && copyPlainWords(utf8.view, start, length, view, end)) {
      end += length;
      into[end] = quote;
      return end + 1;
    }
    for (let i = start; i < stop; i++) {
      const byte = bytes[i];
      if (byte < 0x20 || byte === quote || byte === backslash) return -1;
      into[end++] = byte;
    }
  } else {
    const text = dictionary.text(id);
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit < 0x20 || unit === quote || unit === backslash || unit > 0x7e) return -1;
      into[end++] = unit;
    }
  }
  into[end] = quote;
  return end + 1;
}

/** The string of an id as JSON, escaped where JSON needs it. */
export function jsonStringBytes(dictionary: Dictionary, id: number): Uint8Array {
  return encoder.encode(JSON.stringify(dictionary.text(id)));
}

/** Writes ASCII text at `at`; returns where it ended. */
export function writeAscii(into: Uint8Array, at: number, text: string): number {
  for (let i = 0; i < text.length; i++) into[at + i] = text.charCodeAt(i);
  return at + text.length;
}
