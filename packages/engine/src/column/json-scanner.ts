import type { Field, FieldType } from "../types/field-type.ts";
import type { ByteDictionary } from "./byte-dictionary.ts";
import { isTimestamp } from "./cell-value.ts";
import { JsonSkipper } from "./json-skipper.ts";
import { matchesAt } from "./key-pattern.ts";
import { KnownMembers, type Member } from "./known-members.ts";
import type { RowColumns } from "./row-columns.ts";
import { hashSeed, hashTail, mixWord } from "./utf8-hash.ts";
import { digitValue, isFourDigits, nonAsciiMask, specialBytes } from "./word-bytes.ts";

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const minus = 0x2d;
const dot = 0x2e;
const zero = 0x30;
const nine = 0x39;
const lineFeed = 0x0a;

/** Powers of ten that a double holds exactly: a mantissa below 2^53 divided by one of them is rounded correctly. */
const powersOfTen = Float64Array.from({ length: 23 }, (_, i) => 10 ** i);

/** What is done with a value. */
export type Target = "skip" | "number" | "whole" | "timestamp" | "string" | "boolean" | "object";

/** A member name, and where its value goes. */
export interface Key {
  readonly name: Uint8Array;
  /** Index of the field, or -1 when nothing reads it. */
  readonly field: number;
  readonly target: Target;
  readonly numbers: Float64Array;
  readonly booleans: Uint8Array;
  readonly ids: Int32Array;
  readonly valid: Uint8Array;
  readonly dictionary: ByteDictionary | null;
}

/**
 * Reads one JSON object a line straight into columns, only the fields that something reads. It accepts only what
 * `JSON.parse` accepts, with the same values; whatever is unusual (escapes in what is read, a value that does not
 * fit its type, deep nesting, an unknown shape of number) makes `scan` answer -1, and the caller takes the slow
 * path over `JSON.parse`, which also finds the words for what is wrong.
 *
 * Records mostly repeat the members of one before, so each member is first guessed whole, four bytes at a
 * time; strings and numbers are read four bytes at a time too (Lamport, "Multiple byte processing with full-word
 * instructions", 1975). Methods take the position where they begin and return where they ended, or -1.
 */
export class JsonScanner {
  readonly #columns: RowColumns;
  readonly #keys: readonly Key[];
  /** The members of the records so far, by which those of the next are guessed. */
  readonly known = new KnownMembers();
  /** What `#newKey` found. */
  #member: Member | null = null;
  #bytes: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  #end = 0;
  readonly #skipper = new JsonSkipper();

  constructor(fields: readonly Field[], live: readonly boolean[], columns: RowColumns) {
    const encoder = new TextEncoder();
    this.#columns = columns;
    this.#keys = fields.map((field, i) => createKey(encoder.encode(field.name), live[i] ? i : -1, field.type, columns));
  }

  /** Says where the lines are that `scan` will be asked for. */
  begin(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#end = bytes.length;
    this.#skipper.begin(bytes, this.#view);
  }

  /**
   * Scans the line that starts at `start`. When it is one record, its cells are in the row after the last of the
   * columns, and the answer is where the next line starts; otherwise -1.
   */
  scan(start: number): number {
    this.#skipper.seen = 0;
    const end = this.#record(start);
    if (end < 0) return -1;
    const bytes = this.#bytes;
    const next = end < this.#end && bytes[end] === lineFeed ? end : this.#skipper.space(end);
    if (next < this.#end && bytes[next] !== lineFeed) return -1;
    if (this.#skipper.beyondAscii && !isUtf8(bytes, start, end)) return -1;
    return next + 1;
  }

  #record(start: number): number {
    const bytes = this.#bytes;
    let at = start;
    let before: Member | null = null;
    for (;;) {
      let member = this.#guess(before === null ? this.known.first : before.next, at);
      if (member !== null) at += member.before.length;
      else {
        at = this.#newKey(at, before);
        if (at < 0) return at === emptyObject ? this.#endOfEmpty(start) : -1;
        member = this.#member;
        if (member === null) return -1;
      }
      before = member;
      if (bytes[at] <= 0x20) at = this.#skipper.space(at);
      at = this.#value(member.key, at);
      if (at < 0) return -1;
      if (bytes[at] <= 0x20) at = this.#skipper.space(at);
      if (bytes[at] === closeBrace) return at + 1;
    }
  }

  /** The member of a row of siblings that stands at `at`; null for none. */
  #guess(siblings: Member | null, at: number): Member | null {
    for (let member = siblings; member !== null; member = member.other) {
      const { pattern } = member;
      if (pattern !== null && at + pattern.length < this.#end && matchesAt(pattern, this.#view, at)) return member;
    }
    return null;
  }

  /** Reads `{` or `,`, a key that was not guessed behind `before` and its colon; `emptyObject` for `{}`. */
  #newKey(start: number, before: Member | null): number {
    const bytes = this.#bytes;
    let at = this.#skipper.space(start);
    if (bytes[at] !== (before === null ? openBrace : comma)) return -1;
    at = this.#skipper.space(at + 1);
    if (before === null && bytes[at] === closeBrace) return emptyObject;
    if (at >= this.#end || bytes[at] !== quote) return -1;
    const nameStart = at + 1;
    const nameEnd = this.#skipper.string(nameStart);
    if (nameEnd < 0) return -1;
    for (let i = nameStart; i < nameEnd; i++) if (bytes[i] === backslash) return -1;
    at = this.#skipper.space(nameEnd + 1);
    if (at >= this.#end || bytes[at] !== colon) return -1;
    at = this.#skipper.space(at + 1);
    this.#member = this.known.learn(before, bytes.slice(start, at), () => this.#findKey(nameStart, nameEnd));
    return at;
  }

  #endOfEmpty(start: number): number {
    return this.#skipper.space(this.#skipper.space(start) + 1) + 1;
  }

  #findKey(start: number, end: number): Key {
    for (const key of this.#keys) {
      if (key.name.length !== end - start) continue;
      let i = 0;
      while (i < key.name.length && key.name[i] === this.#bytes[start + i]) i++;
      if (i === key.name.length) return key;
    }
    return createKey(this.#bytes.slice(start, end), -1, { kind: "json" }, this.#columns);
  }

  #value(key: Key, at: number): number {
    if (at >= this.#end) return -1;
    const byte = this.#bytes[at];
    if (key.target === "skip") return this.#skipper.value(at, 0);
    if (byte === 0x6e) {
      key.valid[this.#columns.rows] = 0;
      return this.#skipper.word(at, 0x6e, 0x75, 0x6c, 0x6c);
    }
    switch (key.target) {
      case "number":
      case "whole":
      case "timestamp":
        return this.#numberCell(key, at);
      case "string":
        return byte === quote ? this.#stringCell(key, at + 1) : -1;
      case "boolean":
        return this.#booleanCell(key, at);
      case "object":
        return this.#objectCell(key, at);
    }
  }

  /** A number in plain notation with at most 15 digits. */
  #numberCell(key: Key, start: number): number {
    const bytes = this.#bytes;
    const view = this.#view;
    const negative = bytes[start] === minus;
    const first = negative ? start + 1 : start;
    let at = first;
    let mantissa = 0;
    while (at + 4 <= this.#end) {
      const word = view.getInt32(at, true);
      if (!isFourDigits(word)) break;
      mantissa = mantissa * 10_000 + digitValue(word);
      at += 4;
    }
    let byte = bytes[at];
    while (at < this.#end && byte >= zero && byte <= nine) {
      mantissa = mantissa * 10 + (byte - zero);
      byte = bytes[++at];
    }
    const whole = at - first;
    if (whole === 0 || (whole > 1 && bytes[first] === zero)) return -1;
    let fraction = 0;
    if (at < this.#end && byte === dot) {
      const from = ++at;
      byte = bytes[at];
      while (at < this.#end && byte >= zero && byte <= nine) {
        mantissa = mantissa * 10 + (byte - zero);
        byte = bytes[++at];
      }
      fraction = at - from;
      if (fraction === 0) return -1;
    }
    if (whole + fraction > 15 || (at < this.#end && (byte === 0x65 || byte === 0x45))) return -1;
    const size = fraction === 0 ? mantissa : mantissa / powersOfTen[fraction];
    const value = negative ? -size : size;
    if (key.target === "whole" && !Number.isSafeInteger(value)) return -1;
    if (key.target === "timestamp" && !isTimestamp(value)) return -1;
    const row = this.#columns.rows;
    key.numbers[row] = value;
    key.valid[row] = 1;
    return at;
  }

  /** A string without escapes; `start` is after its first quote. */
  #stringCell(key: Key, start: number): number {
    const bytes = this.#bytes;
    const view = this.#view;
    let at = start;
    let hash = hashSeed;
    let seen = 0;
    for (;;) {
      if (at + 4 > this.#end) break;
      const word = view.getInt32(at, true);
      if (specialBytes(word) !== 0) break;
      seen |= word;
      hash = mixWord(hash, word);
      at += 4;
    }
    let tail = 0;
    let byte = bytes[at];
    for (let shift = 0; ; shift += 8) {
      if (at >= this.#end || byte === backslash || byte < 0x20) return -1;
      if (byte === quote) break;
      tail |= byte << shift;
      byte = bytes[++at];
    }
    seen |= tail;
    this.#skipper.seen |= seen;
    const id =
      key.dictionary === null ? -1 : key.dictionary.idOf(bytes, start, at, hashTail(hash, tail, at - start), (seen & nonAsciiMask) === 0);
    if (id < 0) return -1;
    const row = this.#columns.rows;
    key.ids[row] = id;
    key.valid[row] = 1;
    return at + 1;
  }

  #booleanCell(key: Key, at: number): number {
    const isTrue = this.#bytes[at] === 0x74;
    key.booleans[this.#columns.rows] = isTrue ? 1 : 0;
    key.valid[this.#columns.rows] = 1;
    return isTrue ? this.#skipper.word(at, 0x74, 0x72, 0x75, 0x65) : this.#skipper.falseWord(at);
  }

  #objectCell(key: Key, at: number): number {
    const end = this.#skipper.value(at, 0);
    if (end < 0) return -1;
    this.#columns.setCell(key.field, JSON.parse(new TextDecoder().decode(this.#bytes.subarray(at, end))));
    return end;
  }
}

const emptyObject = -2;
const noNumbers = new Float64Array(0);
const noBytes = new Uint8Array(0);
const noIds = new Int32Array(0);

function createKey(name: Uint8Array, field: number, type: FieldType, columns: RowColumns): Key {
  if (field < 0) {
    return { name, field, target: "skip", numbers: noNumbers, booleans: noBytes, ids: noIds, valid: noBytes, dictionary: null };
  }
  return {
    name,
    field,
    target: targetOf(type),
    numbers: columns.numbers[field],
    booleans: columns.booleans[field],
    ids: columns.ids[field],
    valid: columns.valid[field],
    dictionary: columns.dictionaries[field],
  };
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

const strictUtf8 = new TextDecoder("utf-8", { fatal: true });

function isUtf8(bytes: Uint8Array, start: number, end: number): boolean {
  try {
    strictUtf8.decode(bytes.subarray(start, end));
    return true;
  } catch {
    return false;
  }
}
