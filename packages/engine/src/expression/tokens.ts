import { type Diagnostic, error, type Place, type Span } from "../diagnostics/diagnostic.ts";

export type TokenKind = "number" | "string" | "name" | "quoted-name" | "symbol" | "comment" | "end";

/** A piece of an expression. Offsets are UTF-16, into the whole text that was given. */
export interface Token {
  readonly kind: TokenKind;
  /** Strings and quoted names without their quotes, everything else as written. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** All tokens up to the end or up to what could not be read. The last token is of kind `end` when `problem` is null. */
export interface Tokens {
  readonly tokens: readonly Token[];
  readonly problem: Diagnostic | null;
  /** Where reading stopped. */
  readonly end: number;
}

export interface TokenizeOptions {
  /** Where to start; 0 when absent. */
  readonly start?: number;
  /** Stop before the first `}` outside of strings and comments, as the holes of templates need. */
  readonly stopAtBrace?: boolean;
}

const space = /\s+/y;
const lineComment = /--[^\n]*/y;
const number = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const name = /[\p{ID_Start}_][\p{ID_Continue}]*/uy;
const symbol = /<>|!=|<=|>=|\|\||[-+*/%()[\],.<>=]/y;

/** What people write who come from other languages, and what SQL has instead. */
const foreign: readonly (readonly [string, string])[] = [
  ["===", "Write = to compare."],
  ["==", "Write = to compare."],
  ["!==", "Write <> to compare."],
  ["&&", "Write AND."],
  ["?.", "Write a.b; a missing member is NULL."],
  ["??", "Write COALESCE(a, b)."],
  ["=>", "Write a plain expression; there are no functions to define."],
  [":=", "Write a plain expression; there are no variables."],
  ['"', "Write 'text' in single quotes and `field` in backquotes."],
  ["!", "Write NOT."],
  ["?", "Write CASE WHEN … THEN … ELSE … END, or IF(condition, a, b)."],
  ["{", "Write a plain expression, without braces."],
  ["}", "Write a plain expression, without braces."],
  [";", "Write a single expression, without a semicolon."],
  ["^", "Write POWER(a, b)."],
  ["\\", "Write the character itself; in text, only ' is doubled."],
];

/**
 * Splits an expression into tokens. Never throws: what cannot be read ends the list and is described in
 * `problem`, which points at it through `place`.
 */
export function tokenize(text: string, place: Place = {}, options: TokenizeOptions = {}): Tokens {
  const tokens: Token[] = [];
  let at = options.start ?? 0;
  const stop = (problem: Diagnostic | null): Tokens => {
    if (problem === null) tokens.push({ kind: "end", text: "", start: at, end: at });
    return { tokens, problem, end: at };
  };
  while (true) {
    at += lengthOf(space, text, at);
    if (at >= text.length || (options.stopAtBrace === true && text[at] === "}")) return stop(null);
    const token = commentAt(text, at) ?? quotedAt(text, at) ?? numberAt(text, at) ?? nameAt(text, at) ?? symbolAt(text, at);
    if (token === null) return stop(unreadable(text, at, place));
    const problem = problemOf(token, text, place);
    if (problem !== null) return stop(problem);
    tokens.push(token);
    at = token.end;
  }
}

function lengthOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex - at : 0;
}

function matchAt(kind: TokenKind, pattern: RegExp, text: string, at: number): Token | null {
  const length = lengthOf(pattern, text, at);
  return length === 0 ? null : { kind, text: text.slice(at, at + length), start: at, end: at + length };
}

/** An unterminated comment has `end` past the text; `problemOf` finds it. */
function commentAt(text: string, at: number): Token | null {
  if (!text.startsWith("/*", at)) return matchAt("comment", lineComment, text, at);
  const close = text.indexOf("*/", at + 2);
  const end = close === -1 ? text.length + 1 : close + 2;
  return { kind: "comment", text: text.slice(at, end), start: at, end };
}

/** A string or a quoted name; its quote is doubled inside. Unterminated: `end` past the text. */
function quotedAt(text: string, at: number): Token | null {
  const quote = text[at];
  if (quote !== "'" && quote !== "`") return null;
  const kind = quote === "'" ? "string" : "quoted-name";
  let content = "";
  let from = at + 1;
  while (true) {
    const close = text.indexOf(quote, from);
    if (close === -1) return { kind, text: content, start: at, end: text.length + 1 };
    content += text.slice(from, close);
    if (text[close + 1] !== quote) return { kind, text: content, start: at, end: close + 1 };
    content += quote;
    from = close + 2;
  }
}

function numberAt(text: string, at: number): Token | null {
  return matchAt("number", number, text, at);
}

function nameAt(text: string, at: number): Token | null {
  return matchAt("name", name, text, at);
}

function symbolAt(text: string, at: number): Token | null {
  if (foreign.some(([characters]) => characters.length > 1 && text.startsWith(characters, at))) return null;
  return matchAt("symbol", symbol, text, at);
}

function problemOf(token: Token, text: string, place: Place): Diagnostic | null {
  const at = (span: Span): Place => ({ ...place, span });
  const span = { start: token.start, end: Math.min(token.end, text.length) };
  if (token.end > text.length) {
    const [what, close] =
      token.kind === "comment" ? ["comment", "*/"] : token.kind === "string" ? ["text", "a single quote (')"] : ["name", "a backquote (`)"];
    return error("EXPRESSION_UNTERMINATED", { what, close }, at(span));
  }
  if (token.kind === "number") {
    const tail = lengthOf(name, text, token.end);
    if (tail > 0) {
      const whole = text.slice(token.start, token.end + tail);
      const args = {
        text: whole,
        reason: "is neither a number nor a name",
        fix: "Put a field's name that starts with a digit in backquotes.",
      };
      return error("EXPRESSION_NUMBER", args, at({ start: token.start, end: token.end + tail }));
    }
  }
  if (token.kind === "quoted-name" && token.text === "") {
    return error("EXPRESSION_SYNTAX", { found: "``", expected: "a name between the backquotes" }, at(span));
  }
  if (token.kind === "name") return notNormal(token.text, at(span));
  return null;
}

/** A diagnostic for names that look like others: only NFKC-normal ones are accepted. */
export function notNormal(text: string, place: Place): Diagnostic | null {
  const normal = text.normalize("NFKC");
  return normal === text ? null : error("IDENTIFIER_NOT_NORMAL", { name: text, normal }, place);
}

function unreadable(text: string, at: number, place: Place): Diagnostic {
  const known = foreign.find(([characters]) => text.startsWith(characters, at));
  const codePoint = text.codePointAt(at) ?? 0;
  const single = String.fromCodePoint(codePoint);
  const printable = /[\p{L}\p{N}\p{P}\p{S}]/u.test(single) ? single : `U+${codePoint.toString(16).toUpperCase().padStart(4, "0")}`;
  const character = known === undefined ? printable : known[0];
  const hint = known === undefined ? "Remove it; a field's name with special characters stands in `backquotes`." : known[1];
  const length = known === undefined ? single.length : known[0].length;
  return error("EXPRESSION_CHARACTER", { character, hint }, { ...place, span: { start: at, end: at + length } });
}
