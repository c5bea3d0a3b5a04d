import { nonAsciiMask, specialBytes, specialIndex } from "./word-bytes.ts";

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

const deepest = 64;

/**
 * Moves past JSON values that nothing reads, and checks them all the same: it accepts exactly what `JSON.parse`
 * accepts, but for values that are nested deeper than 64. Methods take the position where they begin and return
 * where they ended, or -1.
 */
export class JsonSkipper {
  #bytes: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  #end = 0;
  /** OR of all bytes of strings that were passed, in words. */
  seen = 0;

  begin(bytes: Uint8Array, view: DataView): void {
    this.#bytes = bytes;
    this.#view = view;
    this.#end = bytes.length;
  }

  /** True when the strings that were passed since `seen` was last cleared hold more than ASCII. */
  get beyondAscii(): boolean {
    return (this.seen & nonAsciiMask) !== 0;
  }

  /** Moves past white space inside the line. */
  space(start: number): number {
    const bytes = this.#bytes;
    let at = start;
    while (at < this.#end) {
      const byte = bytes[at];
      if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) break;
      at++;
    }
    return at;
  }

  value(at: number, depth: number): number {
    if (at >= this.#end) return -1;
    switch (this.#bytes[at]) {
      case quote: {
        const end = this.string(at + 1);
        return end < 0 ? -1 : end + 1;
      }
      case openBrace:
        return depth < deepest ? this.#skipMembers(at + 1, depth + 1) : -1;
      case openBracket:
        return depth < deepest ? this.#skipElements(at + 1, depth + 1) : -1;
      case 0x74:
        return this.word(at, 0x74, 0x72, 0x75, 0x65);
      case 0x66:
        return this.falseWord(at);
      case 0x6e:
        return this.word(at, 0x6e, 0x75, 0x6c, 0x6c);
      default:
        return this.#skipNumber(at);
    }
  }

  /** Moves past a number of any length that JSON knows. */
  #skipNumber(start: number): number {
    const bytes = this.#bytes;
    const first = bytes[start] === minus ? start + 1 : start;
    let at = this.#skipDigits(first);
    const whole = at - first;
    if (whole === 0 || (whole > 1 && bytes[first] === zero)) return -1;
    if (at < this.#end && bytes[at] === dot) {
      const from = at + 1;
      at = this.#skipDigits(from);
      if (at === from) return -1;
    }
    const byte = at < this.#end ? bytes[at] : 0;
    if (byte !== 0x65 && byte !== 0x45) return at;
    const sign = bytes[at + 1];
    const from = sign === minus || sign === 0x2b ? at + 2 : at + 1;
    at = this.#skipDigits(from);
    return at > from ? at : -1;
  }

  #skipDigits(start: number): number {
    const bytes = this.#bytes;
    let at = start;
    while (at < this.#end && bytes[at] >= zero && bytes[at] <= nine) at++;
    return at;
  }

  /** Where the string that starts at `start` (after its first quote) has its last quote; -1 when it is none. */
  string(start: number): number {
    const bytes = this.#bytes;
    const view = this.#view;
    let at = start;
    let seen = 0;
    for (;;) {
      let byte: number;
      if (at + 4 <= this.#end) {
        const word = view.getInt32(at, true);
        const special = specialBytes(word);
        seen |= word;
        if (special === 0) {
          at += 4;
          continue;
        }
        at += specialIndex(special);
        byte = bytes[at];
      } else {
        if (at >= this.#end) return -1;
        byte = bytes[at];
        seen |= byte;
      }
      if (byte === quote) break;
      if (byte < 0x20) return -1;
      if (byte !== backslash) at++;
      else if (isEscape(bytes, at + 1, this.#end)) at += 2;
      else return -1;
    }
    this.seen |= seen;
    return at;
  }

  #skipMembers(start: number, depth: number): number {
    const bytes = this.#bytes;
    let at = this.space(start);
    if (bytes[at] === closeBrace) return at + 1;
    for (;;) {
      at = this.space(at);
      if (at >= this.#end || bytes[at] !== quote) return -1;
      at = this.string(at + 1);
      if (at < 0) return -1;
      at = this.space(at + 1);
      if (at >= this.#end || bytes[at] !== colon) return -1;
      at = this.value(this.space(at + 1), depth);
      if (at < 0) return -1;
      at = this.space(at);
      if (bytes[at] === closeBrace) return at + 1;
      if (bytes[at] !== comma) return -1;
      at++;
    }
  }

  #skipElements(start: number, depth: number): number {
    const bytes = this.#bytes;
    let at = this.space(start);
    if (bytes[at] === closeBracket) return at + 1;
    for (;;) {
      at = this.value(this.space(at), depth);
      if (at < 0) return -1;
      at = this.space(at);
      if (bytes[at] === closeBracket) return at + 1;
      if (bytes[at] !== comma) return -1;
      at++;
    }
  }

  word(at: number, a: number, b: number, c: number, d: number): number {
    const bytes = this.#bytes;
    const same = bytes[at] === a && bytes[at + 1] === b && bytes[at + 2] === c && bytes[at + 3] === d;
    return same && at + 4 <= this.#end ? at + 4 : -1;
  }

  falseWord(at: number): number {
    const four = this.word(at, 0x66, 0x61, 0x6c, 0x73);
    return four > 0 && four < this.#end && this.#bytes[four] === 0x65 ? four + 1 : -1;
  }
}

/** True when an escape's letter at `at` is one that JSON knows; of `\u` the digits are checked too. */
function isEscape(bytes: Uint8Array, at: number, end: number): boolean {
  if (at >= end) return false;
  switch (bytes[at]) {
    case quote:
    case backslash:
    case 0x2f:
    case 0x62:
    case 0x66:
    case 0x6e:
    case 0x72:
    case 0x74:
      return true;
    case 0x75:
      for (let i = 1; i <= 4; i++) if (at + i >= end || !isHexDigit(bytes[at + i])) return false;
      return true;
    default:
      return false;
  }
}

function isHexDigit(byte: number): boolean {
  return (byte >= zero && byte <= nine) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
}
