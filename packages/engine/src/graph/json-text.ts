import type { JsonValue } from "../types/json-value.ts";

/** What a document may be at most. */
export interface JsonLimits {
  /** Bytes of the text in UTF-8. */
  readonly maxBytes: number;
  /** Objects and lists inside one another. */
  readonly maxDepth: number;
}

/** Where in a text, both counted from 1; columns are UTF-16 units. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** Why a text is not JSON, or not JSON that is safe to take. */
export type JsonProblem =
  | { readonly kind: "too-large"; readonly actualBytes: number; readonly limitBytes: number }
  | { readonly kind: "too-deep"; readonly limit: number }
  | { readonly kind: "syntax"; readonly fault: JsonFault; readonly found: string; readonly at: TextPosition }
  /** `within` is the path of the object that has the key. */
  | {
      readonly kind: "duplicate-key" | "forbidden-key";
      readonly key: string;
      readonly within: readonly string[];
      readonly at: TextPosition;
    };

export type JsonFault =
  | "value-expected"
  | "key-expected"
  | "colon-expected"
  | "comma-expected"
  | "trailing-text"
  | "string-not-closed"
  | "control-character"
  | "bad-escape"
  | "lone-surrogate"
  | "nul-character"
  | "number-too-large"
  | "number-inexact";

export type JsonReading = { readonly ok: true; readonly value: JsonValue } | { readonly ok: false; readonly problem: JsonProblem };

/**
 * Reads strict JSON (RFC 8259) from a foreign text; a byte order mark is tolerated. Stricter than
 * `JSON.parse`: refused are a key that stands twice in an object, `__proto__` as a key and
 * `constructor.prototype`, text that is not well-formed Unicode, NUL characters, and numbers that a double
 * cannot hold. Objects have no prototype. Stops at the first problem; time and memory are linear in the text.
 */
export function readJson(text: string, limits: JsonLimits): JsonReading {
  const actualBytes = utf8Length(text);
  if (actualBytes > limits.maxBytes) {
    return { ok: false, problem: { kind: "too-large", actualBytes, limitBytes: limits.maxBytes } };
  }
  return new JsonScanner(text, limits.maxDepth).read();
}

function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit & 0xf800) !== 0xd800 ? 2 : 1;
  }
  return bytes;
}

const space = /[ \t\n\r]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the control characters are what ends a run of plain text
const plainText = /[^"\\\u0000-\u001f]*/y;
const numberForm = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const words: readonly (readonly [string, JsonValue])[] = [
  ["true", true],
  ["false", false],
  ["null", null],
];
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** One pass over one text. A method that fails leaves `problem` set and returns undefined. */
class JsonScanner {
  private readonly text: string;
  private readonly maxDepth: number;
  private readonly path: string[] = [];
  private at: number;
  private problem: JsonProblem | null = null;

  constructor(text: string, maxDepth: number) {
    this.text = text;
    this.maxDepth = maxDepth;
    this.at = text.startsWith("\ufeff") ? 1 : 0;
  }

  read(): JsonReading {
    const value = this.value();
    if (value !== undefined) {
      this.skipSpace();
      if (this.at < this.text.length) this.fault("trailing-text");
    }
    if (this.problem !== null || value === undefined) {
      return { ok: false, problem: this.problem ?? { kind: "too-deep", limit: this.maxDepth } };
    }
    return { ok: true, value };
  }

  /** The recursion ends at `maxDepth`, so that no text can exhaust the stack. */
  private value(): JsonValue | undefined {
    this.skipSpace();
    const start = this.text[this.at];
    if (start === "{" || start === "[") {
      if (this.path.length >= this.maxDepth) {
        this.problem = { kind: "too-deep", limit: this.maxDepth };
        return undefined;
      }
      return start === "{" ? this.object() : this.list();
    }
    if (start === '"') return this.string();
    for (const [word, value] of words) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    }
    return this.number();
  }

  private object(): JsonValue | undefined {
    const object = Object.create(null) as Record<string, JsonValue>;
    this.at++;
    this.skipSpace();
    if (this.take("}")) return object;
    for (;;) {
      this.skipSpace();
      const keyAt = this.at;
      if (this.text[this.at] !== '"') return this.fault("key-expected");
      const key = this.string();
      if (key === undefined) return undefined;
      if (Object.hasOwn(object, key)) return this.keyProblem("duplicate-key", key, keyAt);
      if (key === "__proto__") return this.keyProblem("forbidden-key", key, keyAt);
      this.skipSpace();
      if (!this.take(":")) return this.fault("colon-expected");
      this.path.push(key);
      const value = this.value();
      this.path.pop();
      if (value === undefined) return undefined;
      if (key === "constructor" && hasPrototypeMember(value)) return this.keyProblem("forbidden-key", "constructor.prototype", keyAt);
      object[key] = value;
      this.skipSpace();
      if (this.take("}")) return object;
      if (!this.take(",")) return this.fault("comma-expected");
    }
  }

  private list(): JsonValue | undefined {
    const list: JsonValue[] = [];
    this.at++;
    this.skipSpace();
    if (this.take("]")) return list;
    for (;;) {
      this.path.push(String(list.length));
      const value = this.value();
      this.path.pop();
      if (value === undefined) return undefined;
      list.push(value);
      this.skipSpace();
      if (this.take("]")) return list;
      if (!this.take(",")) return this.fault("comma-expected");
    }
  }

  private string(): string | undefined {
    const start = this.at++;
    let value = "";
    for (;;) {
      value += this.run(plainText);
      const end = this.text[this.at];
      if (end === '"') break;
      if (end === undefined) return this.fault("string-not-closed", start);
      if (end !== "\\") return this.fault("control-character");
      const piece = this.escape();
      if (piece === undefined) return undefined;
      value += piece;
    }
    this.at++;
    if (!value.isWellFormed()) return this.fault("lone-surrogate", start);
    if (value.includes("\0")) return this.fault("nul-character", start);
    return value;
  }

  private escape(): string | undefined {
    const letter = this.text[this.at + 1] ?? "";
    if (Object.hasOwn(escapes, letter)) {
      this.at += 2;
      return escapes[letter];
    }
    const digits = this.text.slice(this.at + 2, this.at + 6);
    if (letter !== "u" || !/^[0-9a-fA-F]{4}$/.test(digits)) return this.fault("bad-escape");
    this.at += 6;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  private number(): number | undefined {
    const start = this.at;
    numberForm.lastIndex = start;
    const match = numberForm.exec(this.text);
    if (match === null) return this.fault("value-expected");
    const [digits, fraction, exponent] = match;
    const value = Number(digits);
    if (!Number.isFinite(value)) return this.fault("number-too-large");
    const whole = fraction === undefined && exponent === undefined;
    if (whole && !Number.isSafeInteger(value) && String(value) !== digits && BigInt(digits) !== BigInt(value)) {
      return this.fault("number-inexact");
    }
    this.at += digits.length;
    return value;
  }

  private run(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? "";
    this.at += found.length;
    return found;
  }

  private skipSpace(): void {
    this.run(space);
  }

  private take(mark: string): boolean {
    if (this.text[this.at] !== mark) return false;
    this.at++;
    return true;
  }

  private fault(fault: JsonFault, at = this.at): undefined {
    const found = this.text.slice(at, at + 20).split(/[\r\n]/, 1)[0] ?? "";
    this.problem = { kind: "syntax", fault, found, at: this.position(at) };
    return undefined;
  }

  private keyProblem(kind: "duplicate-key" | "forbidden-key", key: string, at: number): undefined {
    this.problem = { kind, key, within: [...this.path], at: this.position(at) };
    return undefined;
  }

  private position(at: number): TextPosition {
    let line = 1;
    let lineStart = 0;
    for (let i = this.text.indexOf("\n"); i !== -1 && i < at; i = this.text.indexOf("\n", i + 1)) {
      line++;
      lineStart = i + 1;
    }
    return { line, column: at - lineStart + 1 };
  }
}

function hasPrototypeMember(value: JsonValue): boolean {
  return typeof value === "object" && value !== null && Object.hasOwn(value, "prototype");
}
