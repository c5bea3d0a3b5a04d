import type { Place, Span } from "../../diagnostics/diagnostic.ts";
import { failure, type Result, success } from "../../diagnostics/result.ts";
import { parseTokens } from "../../expression/parse-expression.ts";
import { maxExpressionDepth, SyntaxProblem } from "../../expression/token-reader.ts";
import type { Token } from "../../expression/tokens.ts";
import type { MatchRecognizeClause, NamedClauseExpression, RowElement, RowSkip } from "./clause.ts";
import { ClauseReader, endAt } from "./clause-reader.ts";
import { clauseTokens } from "./clause-tokens.ts";
import { parseRowPattern } from "./parse-row-pattern.ts";

/**
 * Parses a MATCH_RECOGNIZE clause of SQL:2016, alone or in the FROM of a query, of which nothing else is looked at; the words
 * MATCH_RECOGNIZE ( … ) around it may be left out. Never throws; diagnostics carry `place` with the UTF-16 span.
 */
export function parseClause(text: string, place: Place): Result<MatchRecognizeClause> {
  const { tokens, problem } = clauseTokens(text, place);
  if (problem !== null) return failure([problem]);
  const body = clauseBody(tokens);
  try {
    return success(parseBody(new ClauseReader(body, place), place));
  } catch (thrown) {
    if (thrown instanceof SyntaxProblem) return failure([thrown.diagnostic]);
    throw thrown;
  }
}

/** What stands in the parentheses of MATCH_RECOGNIZE; all tokens when there are none. */
function clauseBody(tokens: readonly Token[]): readonly Token[] {
  const word = tokens.findIndex(
    ({ kind, text }, i) => kind === "name" && text.toUpperCase() === "MATCH_RECOGNIZE" && tokens[i + 1].text === "(",
  );
  if (word === -1) return tokens;
  let depth = 1;
  for (let at = word + 2; at < tokens.length; at++) {
    const { kind, text } = tokens[at];
    if (kind !== "symbol") continue;
    if (text === "(") depth++;
    else if (text === ")" && --depth === 0) return [...tokens.slice(word + 2, at), endAt(tokens[at].start)];
  }
  return tokens.slice(word + 2);
}

function parseBody(reader: ClauseReader, place: Place): MatchRecognizeClause {
  const partitionBy = reader.eatWords("PARTITION", "BY") ? listOf(reader, () => reader.expectName("a field").text) : [];
  const orderBy = reader.eatWords("ORDER", "BY") ? listOf(reader, () => parseOrder(reader)) : [];
  const measures = reader.eatWords("MEASURES") ? listOf(reader, () => parseMeasure(reader)) : [];
  if (reader.isWords("ALL", "ROWS")) reader.failUnreadable("all-rows", reader.peek());
  if (reader.isWords("ONE")) reader.expectWords("ONE", "ROW", "PER", "MATCH");
  const skip = reader.eatWords("AFTER", "MATCH") ? parseSkip(reader) : null;
  const { pattern, withinMs } = parsePattern(reader, place);
  if (reader.isWords("SUBSET")) reader.failUnreadable("subset", reader.peek());
  const define = reader.eatWords("DEFINE") ? listOf(reader, () => parseDefinition(reader)) : [];
  if (reader.peek().kind !== "end") reader.fail(define.length > 0 ? "a comma or the end" : "DEFINE or the end");
  return { partitionBy, orderBy, measures, skip, pattern, withinMs, define };
}

function listOf<T>(reader: ClauseReader, parse: () => T): readonly T[] {
  const items = [parse()];
  while (reader.eatSymbol(",")) items.push(parse());
  return items;
}

function parseOrder(reader: ClauseReader): MatchRecognizeClause["orderBy"][number] {
  const { text: name, start, end } = reader.expectName("a field");
  const descending = reader.eatWords("DESC");
  if (!descending) reader.eatWords("ASC");
  return { name, descending, span: { start, end } };
}

function parseMeasure(reader: ClauseReader): NamedClauseExpression {
  const expression = reader.expression("an expression", () => reader.isWords("AS") || reader.isSymbol(",") || endsMeasures(reader));
  reader.expectWords("AS");
  const { text: name, start, end } = reader.expectName("a name");
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(name)) reader.failUnreadable("name", { start, end }, name);
  return { name, nameSpan: { start, end }, expression };
}

function endsMeasures(reader: ClauseReader): boolean {
  const isNext = reader.isWords("ONE", "ROW") || reader.isWords("ALL", "ROWS") || reader.isWords("AFTER", "MATCH");
  return isNext || (reader.isWords("PATTERN") && reader.isSymbol("(", 1));
}

function parseSkip(reader: ClauseReader): RowSkip {
  reader.expectWords("SKIP");
  const { start, end } = reader.peek();
  const skip = (to: RowSkip["to"], variable = "", span: Span = { start, end }): RowSkip => ({ to, variable, span });
  if (reader.eatWords("PAST", "LAST", "ROW")) return skip("past-last");
  if (!reader.eatWords("TO")) return reader.fail("PAST LAST ROW or TO");
  if (reader.eatWords("NEXT", "ROW")) return skip("next-row");
  const isFirst = reader.isWords("FIRST");
  if (isFirst || reader.isWords("LAST")) reader.next();
  const variable = reader.expectName("a variable");
  return skip(isFirst ? "first" : "last", variable.text, { start: variable.start, end: variable.end });
}

function parsePattern(reader: ClauseReader, place: Place): { readonly pattern: readonly RowElement[]; readonly withinMs: number | null } {
  reader.expectWords("PATTERN");
  reader.expectSymbol("(");
  const pattern = parseRowPattern(reader);
  if (!reader.eatWords("WITHIN")) return { pattern, withinMs: null };
  const { tokens } = reader.expression("a length of time", () => reader.isWords("DEFINE") || reader.isWords("SUBSET"));
  const parsed = parseTokens(tokens, place, maxExpressionDepth);
  if (!parsed.ok) throw new SyntaxProblem(parsed.diagnostics[0]);
  const { value } = parsed;
  if (value.kind === "literal" && value.type.kind === "interval" && typeof value.value === "number" && value.value >= 1) {
    return { pattern, withinMs: value.value };
  }
  return new ClauseReader(tokens, place).fail("a length of time, as in INTERVAL '5' MINUTE");
}

function parseDefinition(reader: ClauseReader): NamedClauseExpression {
  const { text: name, start, end } = reader.expectName("a variable");
  reader.expectWords("AS");
  return { name, nameSpan: { start, end }, expression: reader.expression("a condition", () => reader.isSymbol(",")) };
}
