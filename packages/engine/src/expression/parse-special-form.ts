import { error } from "../diagnostics/diagnostic.ts";
import { stringType } from "../types/field-type.ts";
import { parseType } from "./parse-type.ts";
import type { Syntax } from "./syntax.ts";
import { callSyntax, castSyntax, constantSyntax, literalSyntax, operatorSyntax, spanOf } from "./syntax-builder.ts";
import type { TokenReader } from "./token-reader.ts";
import type { Token } from "./tokens.ts";

/** Parses an operand or an expression whose operators bind at least as tightly as `minimum`. */
export type ParseAt = (minimum: number) => Syntax;

/** Parses what follows the name and the opening parenthesis of a call with a syntax of its own. */
type SpecialForm = (reader: TokenReader, name: Token, parse: ParseAt) => Syntax;

const specialForms: ReadonlyMap<string, SpecialForm> = new Map<string, SpecialForm>([
  ["CAST", parseCast],
  ["TRY_CAST", parseCast],
  ["EXTRACT", parseExtract],
  ["SUBSTRING", parseSubstring],
  ["SUBSTR", parseSubstring],
  ["TRIM", parseTrim],
  ["POSITION", parsePosition],
  ["FLOOR", parseRounding],
  ["CEIL", parseRounding],
  ["CEILING", parseRounding],
  ["TIMESTAMPADD", parseUnitFirst],
  ["TIMESTAMPDIFF", parseUnitFirst],
]);

/** Names of functions that some syntax of their own. */
export function specialForm(name: string): SpecialForm | undefined {
  return specialForms.get(name);
}

/** How tightly the right side of POSITION(a IN b) binds: tighter than IN. */
const aboveIn = 33;

function spanFrom(reader: TokenReader, name: Token): { start: number; end: number } {
  return { start: name.start, end: reader.endOfLast };
}

/** Comma-separated expressions up to and with the closing parenthesis. */
export function parseArguments(reader: TokenReader, parse: ParseAt): Syntax[] {
  const args: Syntax[] = [];
  if (reader.eatSymbol(")")) return args;
  do args.push(parse(0));
  while (reader.eatSymbol(","));
  if (!reader.eatSymbol(")")) reader.fail(") or a comma");
  return args;
}

/** CASE WHEN condition THEN … and CASE value WHEN value THEN …; the word CASE is behind us. */
export function parseCase(reader: TokenReader, word: Token, parse: ParseAt): Syntax {
  const args: Syntax[] = [];
  const simple = !reader.isKeyword("WHEN");
  if (simple) args.push(parse(0));
  if (!reader.isKeyword("WHEN")) reader.fail("WHEN");
  while (reader.eatKeyword("WHEN")) {
    args.push(parse(0));
    reader.expectKeyword("THEN");
    args.push(parse(0));
  }
  const noElse = reader.isKeyword("END");
  if (noElse) args.push(constantSyntax("NULL", { ...reader.peek(), end: reader.peek().start }));
  else if (reader.eatKeyword("ELSE")) args.push(parse(0));
  else reader.fail("WHEN, ELSE or END");
  reader.expectKeyword("END");
  return operatorSyntax(reader, simple ? "CASE_OF" : "CASE", args, word, spanFrom(reader, word));
}

function parseCast(reader: TokenReader, name: Token, parse: ParseAt): Syntax {
  const value = parse(0);
  reader.expectKeyword("AS");
  const written = parseType(reader);
  reader.expectSymbol(")");
  return castSyntax(reader, value, written, spanFrom(reader, name));
}

/** A unit of time, written as a bare word, becomes a text argument. */
function unitArgument(reader: TokenReader): Syntax {
  const token = reader.peek();
  if (token.kind !== "name") reader.fail("a unit of time, such as HOUR");
  reader.next();
  return literalSyntax(stringType, token.text.toUpperCase(), spanOf(token));
}

function parseExtract(reader: TokenReader, name: Token, parse: ParseAt): Syntax {
  const unit = unitArgument(reader);
  reader.expectKeyword("FROM");
  const value = parse(0);
  reader.expectSymbol(")");
  return callSyntax(reader, "EXTRACT", [unit, value], name, spanFrom(reader, name));
}

function parseSubstring(reader: TokenReader, name: Token, parse: ParseAt): Syntax {
  const args = [parse(0)];
  if (reader.eatKeyword("FROM")) {
    args.push(parse(0));
    if (reader.eatKeyword("FOR")) args.push(parse(0));
  } else {
    while (reader.eatSymbol(",")) args.push(parse(0));
  }
  if (!reader.eatSymbol(")")) reader.fail(") or a comma");
  return callSyntax(reader, "SUBSTRING", args, name, spanFrom(reader, name));
}

/** TRIM(x), TRIM(BOTH FROM x), TRIM(LEADING 'x' FROM y), TRIM('x' FROM y). */
function parseTrim(reader: TokenReader, name: Token, parse: ParseAt): Syntax {
  const side = reader.keyword();
  const called = side === "LEADING" ? "LTRIM" : side === "TRAILING" ? "RTRIM" : "TRIM";
  const sided = side === "LEADING" || side === "TRAILING" || side === "BOTH";
  if (sided) reader.next();
  const args: Syntax[] = [];
  if (!(sided && reader.isKeyword("FROM"))) args.push(parse(0));
  if (reader.eatKeyword("FROM")) args.unshift(parse(0));
  else if (sided) reader.fail("FROM");
  reader.expectSymbol(")");
  return callSyntax(reader, called, args, name, spanFrom(reader, name));
}

function parsePosition(reader: TokenReader, name: Token, parse: ParseAt): Syntax {
  const sought = parse(aboveIn);
  reader.expectKeyword("IN");
  const text = parse(0);
  reader.expectSymbol(")");
  return callSyntax(reader, "POSITION", [sought, text], name, spanFrom(reader, name));
}

/** FLOOR(x) and FLOOR(t TO MINUTE). */
function parseRounding(reader: TokenReader, name: Token, parse: ParseAt): Syntax {
  const called = name.text.toUpperCase() === "CEILING" ? "CEIL" : name.text.toUpperCase();
  const args = reader.isSymbol(")") ? [] : [parse(0)];
  if (args.length === 1 && reader.eatKeyword("TO")) {
    args.push(unitArgument(reader));
    reader.expectSymbol(")");
  } else {
    while (reader.eatSymbol(",")) args.push(parse(0));
    if (!reader.eatSymbol(")")) reader.fail(") or TO");
  }
  return callSyntax(reader, called, args, name, spanFrom(reader, name));
}

/** TIMESTAMPADD(HOUR, 1, t) and TIMESTAMPDIFF(HOUR, a, b). */
function parseUnitFirst(reader: TokenReader, name: Token, parse: ParseAt): Syntax {
  const unit = unitArgument(reader);
  reader.expectSymbol(",");
  const args = [unit, ...parseArguments(reader, parse)];
  return callSyntax(reader, name.text.toUpperCase(), args, name, spanFrom(reader, name));
}

const aggregates = new Set([
  "COUNT",
  "SUM",
  "AVG",
  "MIN",
  "MAX",
  "COLLECT",
  "LISTAGG",
  "FIRST_VALUE",
  "LAST_VALUE",
  "STDDEV_POP",
  "VARIANCE",
]);

/** Fails when an aggregate function is called: their syntax (`COUNT(*)`) differs, and they have no place here. */
export function refuseAggregate(reader: TokenReader, name: Token): void {
  if (!aggregates.has(name.text.toUpperCase())) return;
  reader.failWith(error("EXPRESSION_AGGREGATE", { name: name.text.toUpperCase() }, reader.at(name)));
}
