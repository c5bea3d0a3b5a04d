import { type Diagnostic, error, type Place, type Span } from "../diagnostics/diagnostic.ts";
import type { Token } from "./tokens.ts";

/** The deepest nesting of an expression: of its parentheses while parsing, and of its tree. */
export const maxExpressionDepth = 64;

/** Carries a diagnostic from the depth of the parser to its one public function. */
export class SyntaxProblem extends Error {
  readonly diagnostic: Diagnostic;

  constructor(diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.diagnostic = diagnostic;
  }
}

/** A position in a list of tokens, and what a parser asks there. Keywords are compared in upper case. */
export class TokenReader {
  readonly place: Place;
  readonly maxDepth: number;
  readonly takesAggregates: boolean;
  readonly #tokens: readonly Token[];
  #at = 0;
  #level = 0;

  /** `tokens` end with a token of kind `end` and hold no comments. `maxDepth`: how deeply the expression may be nested. */
  constructor(tokens: readonly Token[], place: Place, maxDepth: number, takesAggregates = false) {
    this.#tokens = tokens;
    this.place = place;
    this.maxDepth = maxDepth;
    this.takesAggregates = takesAggregates;
  }

  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)];
  }

  next(): Token {
    const token = this.peek();
    if (token.kind !== "end") this.#at += 1;
    return token;
  }

  /** End of the token before the present one. */
  get endOfLast(): number {
    return this.#at === 0 ? this.peek().start : this.#tokens[this.#at - 1].end;
  }

  isSymbol(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === "symbol" && token.text === text;
  }

  isKeyword(word: string, ahead = 0): boolean {
    return this.keyword(ahead) === word;
  }

  /** The present name in upper case, or null when this is no bare name. */
  keyword(ahead = 0): string | null {
    const token = this.peek(ahead);
    return token.kind === "name" ? token.text.toUpperCase() : null;
  }

  eatSymbol(text: string): boolean {
    const eaten = this.isSymbol(text);
    if (eaten) this.#at += 1;
    return eaten;
  }

  eatKeyword(word: string): boolean {
    const eaten = this.isKeyword(word);
    if (eaten) this.#at += 1;
    return eaten;
  }

  expectSymbol(text: string): Token {
    if (!this.isSymbol(text)) this.fail(text);
    return this.next();
  }

  expectKeyword(word: string): Token {
    if (!this.isKeyword(word)) this.fail(word);
    return this.next();
  }

  /** Runs `parse` one nesting level deeper. */
  nested<T>(parse: () => T): T {
    if (this.#level >= this.maxDepth) this.failDepth(this.peek());
    this.#level += 1;
    const result = parse();
    this.#level -= 1;
    return result;
  }

  /** The present token is not what was `expected`. */
  fail(expected: string): never {
    const token = this.peek();
    const found = token.kind === "end" ? "the end" : token.kind === "string" ? `the text '${shorten(token.text)}'` : shorten(token.text);
    throw new SyntaxProblem(error("EXPRESSION_SYNTAX", { found, expected }, this.at(token)));
  }

  failDepth(span: Span): never {
    throw new SyntaxProblem(error("EXPRESSION_TOO_DEEP", { limit: maxExpressionDepth }, this.at(span)));
  }

  failWith(diagnostic: Diagnostic): never {
    throw new SyntaxProblem(diagnostic);
  }

  at(span: Span): Place {
    return { ...this.place, span: { start: span.start, end: span.end } };
  }
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
