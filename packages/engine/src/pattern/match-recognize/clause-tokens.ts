import { type Diagnostic, error, type Place } from "../../diagnostics/diagnostic.ts";
import { type Token, tokenize } from "../../expression/tokens.ts";

/** Characters of row patterns that expressions do not have. */
const patternSymbols = new Set("?{}|^$;");

/** The longest text that is read, in UTF-16 units. */
const maxClauseLength = 65_536;

/**
 * The tokens of a clause without comments, the last of kind `end`: those of expressions, and `? { } | ^ $ ;`, one character
 * each. What cannot be read ends the list and is described in `problem`.
 */
export function clauseTokens(text: string, place: Place): { readonly tokens: readonly Token[]; readonly problem: Diagnostic | null } {
  if (text.length > maxClauseLength) {
    const span = { start: maxClauseLength, end: text.length };
    return { tokens: [], problem: error("EXPRESSION_TOO_LONG", { length: text.length, limit: maxClauseLength }, { ...place, span }) };
  }
  const tokens: Token[] = [];
  for (let start = 0; ; ) {
    const part = tokenize(text, place, { start });
    tokens.push(...part.tokens.filter((token) => token.kind !== "comment"));
    if (part.problem === null) return { tokens, problem: null };
    const symbol = text[part.end];
    if (!patternSymbols.has(symbol)) return { tokens, problem: part.problem };
    tokens.push({ kind: "symbol", text: symbol, start: part.end, end: part.end + 1 });
    start = part.end + 1;
  }
}
