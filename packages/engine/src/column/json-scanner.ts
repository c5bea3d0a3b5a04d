import type { Field, FieldType } from "../types/field-type.ts";
import { hashPrime, hashSeed } from "./byte-dictionary.ts";
import { isTimestamp } from "./cell-value.ts";
import type { RowColumns } from "./row-columns.ts";

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const minus = 0x2d;
const dot = 0x2e;
const zero = 0x30;
const nine = 0x39;
const lineFeed = 0x0a;

const deepest = 64;
/** Powers of ten that a double holds exactly: a mantissa below 2^53 divided by one of them is rounded correctly. */
const powersOfTen = Float64Array.from({ length: 23 }, (_, i) => 10 ** i);

type Target = "skip" | "number" | "whole" | "timestamp" | "string" | "boolean" | "object";

interface Key {
  readonly name: Uint8Array;
  /** `"name":` as it mostly stands. */
  readonly pattern: Uint8Array;
  /** Index of the field, or -1 when nothing reads it. */
  readonly field: number;
  readonly target: Target;
}

/**
 * Reads one JSON object a line straight into columns, only the fields that something reads. It accepts only what
 * `JSON.parse` accepts, with the same values; whatever is unusual (escapes in what is read, a value that does not
 * fit its type, deep nesting, an unknown shape of number) makes `scan` answer false, and the caller takes the slow
 * path over `JSON.parse`, which also finds the words for what is wrong.
 */
export class JsonScanner {
  readonly #columns: RowColumns;
  readonly #keys: readonly Key[];
  /** The keys of the last record in their order: most records repeat it. */
  #expected: Key[] = [];
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #end = 0;
  /** OR of all string bytes of the record: at least 0x80 when it holds more than ASCII. */
  #seen = 0;

  constructor(fields: readonly Field[], live: readonly boolean[], columns: RowColumns) {
    const encoder = new TextEncoder();
    this.#columns = columns;
    this.#keys = fields.map((field, i) => keyOf(encoder.encode(field.name), live[i] ? i : -1, live[i] ? targetOf(field.type) : "skip"));
  }

  /**
   * Scans the line that starts at `start`. When it is one record, its cells are in the row after the last of the
   * columns, and the answer is where the next line starts; otherwise -1.
   */
  scan(bytes: Uint8Array, start: number): number {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = bytes.length;
    this.#seen = 0;
    if (!this.#record()) return -1;
    const end = this.#at;
    const next = end < this.#end && bytes[end] === lineFeed ? lineFeed : this.#skipSpace();
    if (next !== -1 && next !== lineFeed) return -1;
    if (this.#seen >= 0x80 && !isUtf8(bytes, start, end)) return -1;
    return this.#at + 1;
  }

  #record(): boolean {
    if (this.#skipSpace() !== openBrace) return false;
    this.#at++;
    if (this.#skipSpace() === closeBrace) {
      this.#at++;
      return true;
    }
    const bytes = this.#bytes;
    for (let position = 0; ; position++) {
      const key = this.#key(position);
      if (key === null) return false;
      if (bytes[this.#at] <= 0x20) this.#skipSpace();
      if (!this.#value(key)) return false;
      let next = bytes[this.#at];
      if (next <= 0x20) next = this.#skipSpace();
      this.#at++;
      if (next === closeBrace) return true;
      if (next !== comma) return false;
      if (bytes[this.#at] <= 0x20) this.#skipSpace();
    }
  }

  /** Moves past white space inside the line; the byte there, or -1 at the end of the bytes. */
  #skipSpace(): number {
    const bytes = this.#bytes;
    while (this.#at < this.#end) {
      const byte = bytes[this.#at];
      if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return byte;
      this.#at++;
    }
    return -1;
  }

  /** Reads a key and its colon; first guess: the one that stood here in the last record. */
  #key(position: number): Key | null {
    if (position < this.#expected.length) {
      const guess = this.#expected[position];
      const { pattern } = guess;
      const bytes = this.#bytes;
      const start = this.#at;
      const length = pattern.length;
      if (start + length < this.#end) {
        let i = 0;
        while (i < length && pattern[i] === bytes[start + i]) i++;
        if (i === length) {
          this.#at = start + length;
          return guess;
        }
      }
    }
    return this.#newKey(position);
  }

  #newKey(position: number): Key | null {
    const bytes = this.#bytes;
    const start = this.#at + 1;
    if (bytes[this.#at] !== quote) return null;
    const end = this.#skipString();
    if (end < 0) return null;
    for (let i = start; i < end; i++) if (bytes[i] === backslash) return null;
    if (this.#skipSpace() !== colon) return null;
    this.#at++;
    const key = this.#findKey(start, end);
    this.#expected[position] = key;
    return key;
  }

  #findKey(start: number, end: number): Key {
    for (const key of this.#keys) {
      if (key.name.length !== end - start) continue;
      let i = 0;
      while (i < key.name.length && key.name[i] === this.#bytes[start + i]) i++;
      if (i === key.name.length) return key;
    }
    return keyOf(this.#bytes.slice(start, end), -1, "skip");
  }

  #value(key: Key): boolean {
    const byte = this.#bytes[this.#at];
    if (this.#at >= this.#end) return false;
    if (key.target === "skip") return this.#skipValue(byte, 0);
    if (byte === 0x6e) {
      this.#columns.valid[key.field][this.#columns.rows] = 0;
      return this.#word(0x6e, 0x75, 0x6c, 0x6c);
    }
    switch (key.target) {
      case "number":
      case "whole":
      case "timestamp":
        return this.#numberCell(key.field, key.target);
      case "string":
        return byte === quote && this.#stringCell(key.field);
      case "boolean":
        return this.#booleanCell(key.field, byte);
      case "object":
        return this.#objectCell(key.field, byte);
    }
  }

  #numberCell(field: number, target: Target): boolean {
    const value = this.#number();
    if (Number.isNaN(value)) return false;
    if (target === "whole" && !Number.isSafeInteger(value)) return false;
    if (target === "timestamp" && !isTimestamp(value)) return false;
    const columns = this.#columns;
    columns.numbers[field][columns.rows] = value;
    columns.valid[field][columns.rows] = 1;
    return true;
  }

  /** A number in plain notation with at most 15 digits; NaN for everything else. */
  #number(): number {
    const bytes = this.#bytes;
    let at = this.#at;
    const negative = bytes[at] === minus;
    if (negative) at++;
    const first = at;
    let mantissa = 0;
    let byte = bytes[at];
    while (at < this.#end && byte >= zero && byte <= nine) {
      mantissa = mantissa * 10 + (byte - zero);
      byte = bytes[++at];
    }
    const whole = at - first;
    if (whole === 0 || (whole > 1 && bytes[first] === zero)) return Number.NaN;
    let fraction = 0;
    if (at < this.#end && byte === dot) {
      const start = ++at;
      byte = bytes[at];
      while (at < this.#end && byte >= zero && byte <= nine) {
        mantissa = mantissa * 10 + (byte - zero);
        byte = bytes[++at];
      }
      fraction = at - start;
      if (fraction === 0) return Number.NaN;
    }
    if (whole + fraction > 15 || (at < this.#end && (byte === 0x65 || byte === 0x45))) return Number.NaN;
    this.#at = at;
    const value = fraction === 0 ? mantissa : mantissa / powersOfTen[fraction];
    return negative ? -value : value;
  }

  #stringCell(field: number): boolean {
    const bytes = this.#bytes;
    const start = this.#at + 1;
    let at = start;
    let hash = hashSeed;
    let seen = 0;
    for (; at < this.#end; at++) {
      const byte = bytes[at];
      if (byte === quote) break;
      if (byte === backslash || byte < 0x20) return false;
      seen |= byte;
      hash = Math.imul(hash ^ byte, hashPrime);
    }
    if (at >= this.#end) return false;
    this.#at = at + 1;
    this.#seen |= seen;
    const columns = this.#columns;
    const id = columns.dictionaries[field].idOf(bytes, start, at, hash, seen < 0x80);
    if (id < 0) return false;
    columns.ids[field][columns.rows] = id;
    columns.valid[field][columns.rows] = 1;
    return true;
  }

  #booleanCell(field: number, byte: number): boolean {
    const columns = this.#columns;
    const isTrue = byte === 0x74;
    if (isTrue ? !this.#word(0x74, 0x72, 0x75, 0x65) : !this.#falseWord()) return false;
    columns.booleans[field][columns.rows] = isTrue ? 1 : 0;
    columns.valid[field][columns.rows] = 1;
    return true;
  }

  #objectCell(field: number, byte: number): boolean {
    const start = this.#at;
    if (!this.#skipValue(byte, 0)) return false;
    const text = new TextDecoder().decode(this.#bytes.subarray(start, this.#at));
    this.#columns.setCell(field, JSON.parse(text));
    return true;
  }

  #skipValue(byte: number, depth: number): boolean {
    switch (byte) {
      case quote:
        return this.#skipString() >= 0;
      case openBrace:
        return depth < deepest && this.#skipMembers(depth + 1);
      case openBracket:
        return depth < deepest && this.#skipElements(depth + 1);
      case 0x74:
        return this.#word(0x74, 0x72, 0x75, 0x65);
      case 0x66:
        return this.#falseWord();
      case 0x6e:
        return this.#word(0x6e, 0x75, 0x6c, 0x6c);
      default:
        return this.#skipNumber();
    }
  }

  /** Moves past a number of any length that JSON knows. */
  #skipNumber(): boolean {
    if (this.#bytes[this.#at] === minus) this.#at++;
    const first = this.#at;
    const whole = this.#skipDigits();
    if (whole === 0 || (whole > 1 && this.#bytes[first] === zero)) return false;
    if (this.#at < this.#end && this.#bytes[this.#at] === dot) {
      this.#at++;
      if (this.#skipDigits() === 0) return false;
    }
    const byte = this.#at < this.#end ? this.#bytes[this.#at] : 0;
    if (byte !== 0x65 && byte !== 0x45) return true;
    const sign = this.#bytes[++this.#at];
    if (sign === minus || sign === 0x2b) this.#at++;
    return this.#skipDigits() > 0;
  }

  #skipDigits(): number {
    const start = this.#at;
    while (this.#at < this.#end && this.#bytes[this.#at] >= zero && this.#bytes[this.#at] <= nine) this.#at++;
    return this.#at - start;
  }

  /** Moves past a string (the cursor is on its first quote); where its last quote stands, or -1. */
  #skipString(): number {
    const bytes = this.#bytes;
    let seen = 0;
    let at = this.#at + 1;
    for (; at < this.#end; at++) {
      const byte = bytes[at];
      if (byte === quote) {
        this.#at = at + 1;
        this.#seen |= seen;
        return at;
      }
      if (byte < 0x20) return -1;
      if (byte === backslash && !isEscape(bytes, ++at, this.#end)) return -1;
      seen |= byte;
    }
    return -1;
  }

  #skipMembers(depth: number): boolean {
    this.#at++;
    if (this.#skipSpace() === closeBrace) {
      this.#at++;
      return true;
    }
    for (;;) {
      if (this.#skipSpace() !== quote || this.#skipString() < 0) return false;
      if (this.#skipSpace() !== colon) return false;
      this.#at++;
      if (!this.#skipValue(this.#skipSpace(), depth)) return false;
      const next = this.#skipSpace();
      this.#at++;
      if (next === closeBrace) return true;
      if (next !== comma) return false;
    }
  }

  #skipElements(depth: number): boolean {
    this.#at++;
    if (this.#skipSpace() === closeBracket) {
      this.#at++;
      return true;
    }
    for (;;) {
      if (!this.#skipValue(this.#skipSpace(), depth)) return false;
      const next = this.#skipSpace();
      this.#at++;
      if (next === closeBracket) return true;
      if (next !== comma) return false;
    }
  }

  #word(a: number, b: number, c: number, d: number): boolean {
    const bytes = this.#bytes;
    const at = this.#at;
    this.#at = at + 4;
    return this.#at <= this.#end && bytes[at] === a && bytes[at + 1] === b && bytes[at + 2] === c && bytes[at + 3] === d;
  }

  #falseWord(): boolean {
    const ok = this.#word(0x66, 0x61, 0x6c, 0x73) && this.#at < this.#end && this.#bytes[this.#at] === 0x65;
    this.#at++;
    return ok;
  }
}

function keyOf(name: Uint8Array, field: number, target: Target): Key {
  const pattern = new Uint8Array(name.length + 3);
  pattern.set(name, 1);
  pattern[0] = quote;
  pattern[name.length + 1] = quote;
  pattern[name.length + 2] = colon;
  return { name, pattern, field, target };
}

function targetOf(type: FieldType): Target {
  switch (type.kind) {
    case "double":
      return "number";
    case "bigint":
    case "interval":
      return "whole";
    case "timestamp":
      return "timestamp";
    case "string":
      return "string";
    case "boolean":
      return "boolean";
    default:
      return "object";
  }
}

/** True when an escape's letter at `at` is one that JSON knows; of `\u` the digits are checked too. */
function isEscape(bytes: Uint8Array, at: number, end: number): boolean {
  if (at >= end) return false;
  const byte = bytes[at];
  if (byte !== 0x75) return byte === quote || byte === backslash || byte === 0x2f || byte === 0x62 || byte === 0x66 || byte === 0x6e || byte === 0x72 || byte === 0x74;
  for (let i = 1; i <= 4; i++) if (at + i >= end || !isHexDigit(bytes[at + i])) return false;
  return true;
}

function isHexDigit(byte: number): boolean {
  return (byte >= zero && byte <= nine) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true });

function isUtf8(bytes: Uint8Array, start: number, end: number): boolean {
  try {
    strictUtf8.decode(bytes.subarray(start, end));
    return true;
  } catch {
    return false;
  }
}
