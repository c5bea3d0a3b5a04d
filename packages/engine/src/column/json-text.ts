import type { Dictionary } from "./dictionary.ts";

const quote = 0x22;
const backslash = 0x5c;
const minus = 0x2d;
const zero = 0x30;
const encoder = new TextEncoder();

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
  // Beyond 32 bits integer division is slow in doubles, so the digits come off in groups of nine.
  while (rest > 0x3fffffff) {
    const upper = Math.floor(rest / 1e9);
    let lower = rest - upper * 1e9;
    for (let i = 0; i < 9; i++) {
      const next = (lower / 10) | 0;
      into[--place] = zero + (lower - next * 10);
      lower = next;
    }
    rest = upper;
  }
  let small = rest | 0;
  do {
    const next = (small / 10) | 0;
    into[--place] = zero + (small - next * 10);
    small = next;
  } while (small > 0);
  return end;
}

/** The most bytes that the string of an id takes as JSON, most likely; `writeJsonString` answers -1 when it takes more. */
export function likelyJsonLength(dictionary: Dictionary, id: number): number {
  return (dictionary.utf8 === null ? dictionary.text(id).length : dictionary.utf8.lengths[id]) + 2;
}

/**
 * Writes the string of an id as JSON at `at` of `into`, which must have room for `likelyJsonLength`. Returns where it
 * ended, or -1 when it cannot be written as it is: a character must be escaped, or takes more than one byte in a
 * dictionary that has no bytes; then `jsonStringBytes` gives it.
 */
export function writeJsonString(into: Uint8Array, at: number, dictionary: Dictionary, id: number): number {
  const { utf8 } = dictionary;
  into[at] = quote;
  let end = at + 1;
  if (utf8 !== null) {
    const { bytes } = utf8;
    const start = utf8.starts[id];
    const stop = start + utf8.lengths[id];
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

function writeAscii(into: Uint8Array, at: number, text: string): number {
  for (let i = 0; i < text.length; i++) into[at + i] = text.charCodeAt(i);
  return at + text.length;
}
