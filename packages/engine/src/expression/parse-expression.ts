import { type Diagnostic, error, type Place } from "../diagnostics/diagnostic.ts";
import { failure, type Result, success } from "../diagnostics/result.ts";
import { booleanType } from "../types/field-type.ts";
import { intervalUnits, parseIntervalLiteral, parseNumber, parseTimestampLiteral } from "./parse-literal.ts";
import { parseArguments, parseCase, refuseAggregate, specialForm } from "./parse-special-form.ts";
import { skipQualifier } from "./parse-type.ts";
import type { Syntax } from "./syntax.ts";
import { callSyntax, constantSyntax, literalSyntax, memberSyntax, operatorSyntax, spanOf, stringSyntax } from "./syntax-builder.ts";
import { maxExpressionDepth, SyntaxProblem, TokenReader } from "./token-reader.ts";
import { type Token, tokenize } from "./tokens.ts";

/** The longest expression, in UTF-16 units. */
export const maxExpressionLength = 4096;

/**
 * Parses a SQL scalar expression. Never throws; every diagnostic carries `place` with the UTF-16 span of what
 * is wrong. Time and depth are bounded: at most 4096 characters and 64 levels. Calls such as SUM(x) are refused
 * unless `aggregates` says that they mean something to the caller; then COUNT(*), COUNT(a.*) and RUNNING SUM(a.x) are
 * read too.
 */
export function parseExpression(text: string, place: Place = {}, aggregates = false): Result<Syntax> {
  if (text.length > maxExpressionLength) {
    const span = { start: maxExpressionLength, end: text.length };
    return failure([error("EXPRESSION_TOO_LONG", { length: text.length, limit: maxExpressionLength }, { ...place, span })]);
  }
  const { tokens, problem } = tokenize(text, place);
  if (problem !== null) return failure([problem]);
  return parseTokens(tokens, place, maxExpressionDepth, aggregates);
}

/** Parses a whole list of tokens that ends with one of kind `end`. */
export function parseTokens(
  tokens: readonly Token[],
  place: Place,
  maxDepth: number = maxExpressionDepth,
  aggregates = false,
): Result<Syntax> {
  const written = tokens.filter((token) => token.kind !== "comment");
  const reader = new TokenReader(written, place, maxDepth, aggregates);
  if (reader.peek().kind === "end") return failure([error("EXPRESSION_EMPTY", {}, reader.at(reader.peek()))]);
  const diagnostic = attempt(() => {
    const syntax = parseAt(reader, 0);
    if (reader.peek().kind !== "end") reader.fail("an operator or the end");
    return syntax;
  });
  return "code" in diagnostic ? failure([diagnostic]) : success(diagnostic);
}

function attempt(parse: () => Syntax): Syntax | Diagnostic {
  try {
    return parse();
  } catch (problem) {
    if (problem instanceof SyntaxProblem) return problem.diagnostic;
    throw problem;
  }
}

/** Binding powers, those of Flink's parser: a larger one binds tighter. */
const power = { or: 22, and: 24, not: 26, is: 28, comparison: 30, range: 32, sum: 40, product: 60, sign: 80, postfix: 100 };

const symbolPowers: ReadonlyMap<string, number> = new Map([
  ...["=", "<>", "!=", "<", "<=", ">", ">="].map((symbol) => [symbol, power.comparison] as const),
  ...["+", "-"].map((symbol) => [symbol, power.sum] as const),
  ...["*", "/", "%", "||"].map((symbol) => [symbol, power.product] as const),
  ...["[", "."].map((symbol) => [symbol, power.postfix] as const),
]);

const wordPowers: ReadonlyMap<string, number> = new Map([
  ["OR", power.or],
  ["AND", power.and],
  ["IS", power.is],
  ["NOT", power.range],
  ["BETWEEN", power.range],
  ["IN", power.range],
  ["LIKE", power.range],
]);

/** Words that cannot stand where a value is expected; as field names they need backquotes. */
const reserved = new Set("AND OR NOT IS IN LIKE BETWEEN CASE WHEN THEN ELSE END AS FROM FOR ESCAPE DISTINCT SELECT WHERE".split(" "));

/** True for words that are read as syntax and not as the name of a field. */
export function isReservedWord(word: string): boolean {
  const upper = word.toUpperCase();
  return reserved.has(upper) || upper === "NULL" || upper === "TRUE" || upper === "FALSE";
}

function parseAt(reader: TokenReader, minimum: number): Syntax {
  return reader.nested(() => {
    let left = parsePrefix(reader);
    while (true) {
      const binding = infixPower(reader);
      if (binding === null || binding < minimum) return left;
      left = parseInfix(reader, left, binding);
    }
  });
}

function infixPower(reader: TokenReader): number | null {
  const token = reader.peek();
  if (token.kind === "symbol") return symbolPowers.get(token.text) ?? null;
  if (token.kind !== "name") return null;
  return wordPowers.get(token.text.toUpperCase()) ?? null;
}

function parsePrefix(reader: TokenReader): Syntax {
  const token = reader.peek();
  switch (token.kind) {
    case "number":
      return parseNumber(reader, reader.next(), null);
    case "string":
      return stringSyntax(reader.next());
    case "quoted-name":
      return { kind: "name", name: reader.next().text, quoted: true, span: spanOf(token), depth: 1 };
    case "name":
      return parseWord(reader);
    default:
      return parsePrefixSymbol(reader);
  }
}

function parsePrefixSymbol(reader: TokenReader): Syntax {
  const token = reader.peek();
  if (reader.eatSymbol("(")) return parseParenthesis(reader, token);
  if (reader.eatSymbol("-")) {
    if (reader.peek().kind === "number") return parseNumber(reader, reader.next(), token);
    const value = parseAt(reader, power.sign);
    return operatorSyntax(reader, "NEGATE", [value], token, { start: token.start, end: value.span.end });
  }
  if (reader.eatSymbol("+")) return parseAt(reader, power.sign);
  return reader.fail("a value");
}

/** `(a - b) SECOND`, the way in which Flink writes the difference of two timestamps, is `a - b`. */
function parseParenthesis(reader: TokenReader, open: Token): Syntax {
  const inner = parseAt(reader, 0);
  reader.expectSymbol(")");
  const isDifference = inner.kind === "call" && inner.operator && inner.name === "-";
  if (isDifference && intervalUnits.has(reader.keyword() ?? "")) skipQualifier(reader);
  return { ...inner, span: { start: open.start, end: reader.endOfLast } };
}

function parseWord(reader: TokenReader): Syntax {
  const token = reader.next();
  const word = token.text.toUpperCase();
  if (word === "TRUE" || word === "FALSE" || word === "NULL") return constantSyntax(word, token);
  if (word === "NOT") {
    const value = parseAt(reader, power.not);
    return operatorSyntax(reader, "NOT", [value], token, { start: token.start, end: value.span.end });
  }
  if (word === "CASE") return parseCase(reader, token, (minimum) => parseAt(reader, minimum));
  if (word === "TIMESTAMP" && reader.peek().kind === "string") return parseTimestampLiteral(reader, token);
  if (word === "INTERVAL" && reader.peek(reader.isSymbol("-") ? 1 : 0).kind === "string") return parseIntervalLiteral(reader, token);
  if (reserved.has(word)) failReserved(reader, token);
  if (word === "RUNNING" && reader.takesAggregates && reader.isSymbol("(", 1)) {
    const call = parseCall(reader, reader.next());
    return operatorSyntax(reader, "RUNNING", [call], token, { start: token.start, end: call.span.end });
  }
  if (reader.isSymbol("(")) return parseCall(reader, token);
  return { kind: "name", name: token.text, quoted: false, span: spanOf(token), depth: 1 };
}

function failReserved(reader: TokenReader, token: Token): never {
  const args = { found: `the word ${token.text}`, expected: `a value (as the name of a field it is written \`${token.text}\`)` };
  return reader.failWith(error("EXPRESSION_SYNTAX", args, reader.at(token)));
}

function parseCall(reader: TokenReader, name: Token): Syntax {
  if (!reader.takesAggregates) refuseAggregate(reader, name);
  reader.expectSymbol("(");
  const parse = (minimum: number): Syntax => parseAt(reader, minimum);
  const special = specialForm(name.text.toUpperCase());
  if (special !== undefined) return special(reader, name, parse);
  const args = reader.takesAggregates && reader.isSymbol("*") ? parseStar(reader) : parseArguments(reader, parse);
  return callSyntax(reader, name.text.toUpperCase(), args, name, { start: name.start, end: reader.endOfLast });
}

/** `*)` of COUNT(*): a name that no field can have without backquotes. */
function parseStar(reader: TokenReader): Syntax[] {
  const star = reader.next();
  reader.expectSymbol(")");
  return [{ kind: "name", name: star.text, quoted: false, span: spanOf(star), depth: 1 }];
}

function parseInfix(reader: TokenReader, left: Syntax, binding: number): Syntax {
  const token = reader.next();
  const finish = (name: string, args: readonly Syntax[]): Syntax =>
    operatorSyntax(reader, name, args, token, { start: left.span.start, end: reader.endOfLast });
  switch (token.text.toUpperCase()) {
    case "[": {
      const index = parseAt(reader, 0);
      reader.expectSymbol("]");
      return finish("[]", [left, index]);
    }
    case ".":
      return parseMember(reader, left);
    case "OR":
    case "AND":
    case "||":
      return finish(token.text.toUpperCase(), parseChain(reader, left, token, binding));
    case "!=":
      return finish("<>", [left, parseAt(reader, binding + 1)]);
    case "IS":
      return parseIs(reader, left, token);
    case "NOT":
    case "BETWEEN":
    case "IN":
    case "LIKE":
      return parseRange(reader, left, token);
    default:
      return finish(token.text, [left, parseAt(reader, binding + 1)]);
  }
}

/** The operands of `a AND b AND c`: one node with all of them. */
function parseChain(reader: TokenReader, left: Syntax, operator: Token, binding: number): Syntax[] {
  const args = [left, parseAt(reader, binding + 1)];
  const isSame = (): boolean => {
    const token = reader.peek();
    return token.kind === operator.kind && token.text.toUpperCase() === operator.text.toUpperCase();
  };
  while (isSame()) {
    reader.next();
    args.push(parseAt(reader, binding + 1));
  }
  return args;
}

function parseMember(reader: TokenReader, base: Syntax): Syntax {
  const name = reader.peek();
  const isStar = reader.takesAggregates && reader.isSymbol("*") && reader.isSymbol(")", 1);
  if (name.kind !== "name" && name.kind !== "quoted-name" && !isStar) reader.fail("the name of a member");
  reader.next();
  if (reader.isSymbol("(")) {
    const called = base.kind === "name" ? `${base.name}.${name.text}` : name.text;
    reader.failWith(error("EXPRESSION_METHOD_CALL", { name: called }, reader.at(name)));
  }
  return memberSyntax(reader, base, name);
}

/** What follows IS. */
function parseIs(reader: TokenReader, left: Syntax, is: Token): Syntax {
  const negated = reader.eatKeyword("NOT");
  const word = reader.keyword();
  const finish = (name: string, args: readonly Syntax[]): Syntax =>
    operatorSyntax(reader, name, args, is, { start: left.span.start, end: reader.endOfLast });
  const not = negated ? "NOT " : "";
  switch (word) {
    case "NULL":
    case "TRUE":
    case "FALSE":
      reader.next();
      return finish(`IS ${not}${word}`, [left]);
    case "UNKNOWN": {
      const span = spanOf(reader.next());
      // Only a condition equals TRUE or not; it is NULL when the condition is.
      return finish(`IS ${not}NULL`, [operatorSyntax(reader, "=", [left, literalSyntax(booleanType, true, span)], is, span)]);
    }
    case "DISTINCT":
      reader.next();
      reader.expectKeyword("FROM");
      return finish(`IS ${not}DISTINCT FROM`, [left, parseAt(reader, power.comparison + 1)]);
    default:
      return reader.fail("NULL, TRUE, FALSE or DISTINCT FROM");
  }
}

/** BETWEEN, IN and LIKE, each perhaps after NOT; `word` is behind us. */
function parseRange(reader: TokenReader, left: Syntax, word: Token): Syntax {
  const negated = word.text.toUpperCase() === "NOT";
  const operator = negated ? reader.peek() : word;
  if (negated && !["BETWEEN", "IN", "LIKE"].includes(reader.keyword() ?? "")) reader.fail("BETWEEN, IN or LIKE");
  if (negated) reader.next();
  const name = operator.text.toUpperCase();
  const args = [left];
  if (name === "BETWEEN") {
    args.push(parseAt(reader, power.range + 1));
    reader.expectKeyword("AND");
    args.push(parseAt(reader, power.range + 1));
  } else if (name === "IN") {
    reader.expectSymbol("(");
    if (reader.isSymbol(")")) reader.fail("at least one value");
    args.push(...parseArguments(reader, (minimum) => parseAt(reader, minimum)));
  } else {
    args.push(parseAt(reader, power.range + 1));
    if (reader.eatKeyword("ESCAPE")) args.push(parseAt(reader, power.range + 1));
  }
  const span = { start: left.span.start, end: reader.endOfLast };
  const positive = operatorSyntax(reader, name, args, operator, span);
  return negated ? operatorSyntax(reader, "NOT", [positive], word, span) : positive;
}
