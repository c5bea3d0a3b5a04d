import { isReservedWord } from "./parse-expression.ts";
import { type Token, tokenize } from "./tokens.ts";

export type HighlightKind =
  | "field"
  | "function"
  | "keyword"
  | "constant"
  | "number"
  | "string"
  | "operator"
  | "punctuation"
  | "comment"
  | "error";

/** A range of the text, in UTF-16 offsets, and what it is. */
export interface Highlight {
  readonly start: number;
  readonly end: number;
  readonly kind: HighlightKind;
}

/** Words that are syntax in certain places only; before a parenthesis they are functions, else keywords. */
const contextual = new Set("UNKNOWN LEADING TRAILING BOTH TO TIMESTAMP INTERVAL DAY HOUR MINUTE SECOND".split(" "));
const types = new Set("BOOLEAN BIGINT INT INTEGER DOUBLE FLOAT STRING VARCHAR TIMESTAMP TIMESTAMP_LTZ".split(" "));

/** The pieces of an expression in order, without the white space between them. Never fails: what cannot be read is one piece of kind `error`. */
export function highlightExpression(text: string): readonly Highlight[] {
  const { tokens, problem, end } = tokenize(text);
  const written = tokens.filter((token) => token.kind !== "end");
  const pieces = written.map(
    (token, i): Highlight => ({ start: token.start, end: token.end, kind: highlightKindOf(token, written[i - 1], written[i + 1]) }),
  );
  return problem === null || end >= text.length ? pieces : [...pieces, { start: end, end: text.length, kind: "error" }];
}

/** What a token is between its neighbours. */
export function highlightKindOf(token: Token, before: Token | undefined, after: Token | undefined): HighlightKind {
  switch (token.kind) {
    case "number":
    case "string":
    case "comment":
      return token.kind;
    case "quoted-name":
      return "field";
    case "symbol":
      return /^[()[\],.]$/.test(token.text) ? "punctuation" : "operator";
    default:
      return wordKind(token.text.toUpperCase(), before, after);
  }
}

function wordKind(word: string, before: Token | undefined, after: Token | undefined): HighlightKind {
  if (before?.text === ".") return "field";
  if (word === "TRUE" || word === "FALSE" || word === "NULL") return "constant";
  if (isReservedWord(word)) return "keyword";
  if (types.has(word) && before?.text.toUpperCase() === "AS") return "keyword";
  if (after?.text === "(" && after.kind === "symbol") return "function";
  const literal = (word === "TIMESTAMP" || word === "INTERVAL") && after?.kind === "string";
  const unit =
    contextual.has(word) &&
    (before?.kind === "string" || /^(TO|FROM|LEADING|TRAILING|BOTH)$/i.test(after?.text ?? "") || before?.text.toUpperCase() === "TO");
  const running = word === "RUNNING" && after?.kind === "name";
  return literal || unit || running || (word === "TO" && after?.kind === "name") ? "keyword" : "field";
}
