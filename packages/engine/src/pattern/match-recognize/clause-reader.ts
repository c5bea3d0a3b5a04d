import { error, type Place, type Span } from "../../diagnostics/diagnostic.ts";
import type { UnreadableOfClause } from "../../diagnostics/messages/match-recognize-messages.ts";
import { SyntaxProblem } from "../../expression/token-reader.ts";
import type { Token } from "../../expression/tokens.ts";
import type { ClauseExpression } from "./clause.ts";

/** A position in the tokens of a clause. Keywords are compared in upper case; what fails throws a `SyntaxProblem`. */
export class ClauseReader {
  readonly #tokens: readonly Token[];
  readonly #place: Place;
  #at = 0;

  /** `tokens` end with one of kind `end`. */
  constructor(tokens: readonly Token[], place: Place) {
    this.#tokens = tokens;
    this.#place = place;
  }

  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)];
  }

  next(): Token {
    const token = this.peek();
    if (token.kind !== "end") this.#at++;
    return token;
  }

  /** Whether these words come next. */
  isWords(...words: readonly string[]): boolean {
    return words.every((word, i) => this.peek(i).kind === "name" && this.peek(i).text.toUpperCase() === word);
  }

  eatWords(...words: readonly string[]): boolean {
    const eaten = this.isWords(...words);
    if (eaten) this.#at += words.length;
    return eaten;
  }

  expectWords(...words: readonly string[]): void {
    if (!this.eatWords(...words)) this.fail(words.join(" "));
  }

  isSymbol(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === "symbol" && token.text === text;
  }

  eatSymbol(text: string): boolean {
    const eaten = this.isSymbol(text);
    if (eaten) this.#at++;
    return eaten;
  }

  expectSymbol(text: string): void {
    if (!this.eatSymbol(text)) this.fail(text);
  }

  expectName(what: string): Token {
    const token = this.peek();
    if (token.kind !== "name" && token.kind !== "quoted-name") this.fail(what);
    return this.next();
  }

  /** Everything up to where `ends` says so outside of parentheses, or to a closing one, or to the end. */
  expression(what: string, ends: () => boolean): ClauseExpression {
    const tokens: Token[] = [];
    for (let depth = 0; this.peek().kind !== "end" && (depth > 0 || !(this.isSymbol(")") || ends())); ) {
      const token = this.next();
      tokens.push(token);
      if (token.kind === "symbol" && "([".includes(token.text)) depth++;
      if (token.kind === "symbol" && ")]".includes(token.text)) depth--;
    }
    const last = tokens.at(-1);
    if (last === undefined) this.fail(what);
    return { tokens: [...tokens, endAt(last.end)], span: { start: tokens[0].start, end: last.end } };
  }

  fail(expected: string): never {
    const token = this.peek();
    const found = token.kind === "end" ? "the end" : token.text;
    throw new SyntaxProblem(error("MATCH_RECOGNIZE_SYNTAX", { found, expected }, this.at(token)));
  }

  failUnreadable(what: UnreadableOfClause, span: Span, text = ""): never {
    throw new SyntaxProblem(error("MATCH_RECOGNIZE_UNREADABLE", { what, text }, this.at(span)));
  }

  at({ start, end }: Span): Place {
    return { ...this.#place, span: { start, end } };
  }
}

/** The end of an expression within a text. */
export function endAt(end: number): Token {
  return { kind: "end", text: "", start: end, end };
}
