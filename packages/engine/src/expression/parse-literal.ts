import { error } from "../diagnostics/diagnostic.ts";
import { bigintType, doubleType, intervalType, timestampType } from "../types/field-type.ts";
import type { LiteralSyntax } from "./syntax.ts";
import { literalSyntax, spanOf } from "./syntax-builder.ts";
import type { TokenReader } from "./token-reader.ts";
import type { Token } from "./tokens.ts";
import { parseTimestampText } from "./values/timestamp-text.ts";

/** Units of INTERVAL literals, ms. */
export const intervalUnits: ReadonlyMap<string, number> = new Map([
  ["DAY", 86_400_000],
  ["HOUR", 3_600_000],
  ["MINUTE", 60_000],
  ["SECOND", 1000],
]);

/** A number: with a point or an exponent it is a double, else a bigint. `minus`: the sign before it. */
export function parseNumber(reader: TokenReader, token: Token, minus: Token | null): LiteralSyntax {
  const span = { start: minus?.start ?? token.start, end: token.end };
  const value = minus === null ? Number(token.text) : -Number(token.text);
  if (/[.eE]/.test(token.text)) {
    if (!Number.isFinite(value)) {
      const args = { text: token.text, reason: "is too large for a double", fix: "The largest double is about 1.79E308." };
      reader.failWith(error("EXPRESSION_NUMBER", args, reader.at(span)));
    }
    return literalSyntax(doubleType, value, span);
  }
  if (!Number.isSafeInteger(value)) {
    const args = {
      text: token.text,
      reason: "is beyond ±9007199254740991, up to where whole numbers are exact",
      fix: `Write ${token.text.slice(0, 400)}.0 for the nearest double, or '${token.text.slice(0, 400)}' for a text.`,
    };
    reader.failWith(error("EXPRESSION_NUMBER", args, reader.at(span)));
  }
  return literalSyntax(bigintType, value + 0, span);
}

/** The text after the word TIMESTAMP. */
export function parseTimestampLiteral(reader: TokenReader, word: Token): LiteralSyntax {
  const token = reader.next();
  const ms = parseTimestampText(token.text);
  if (ms === null) {
    const args = { what: "timestamp", text: token.text, form: "TIMESTAMP '2026-01-31 12:00:00.000' (UTC)" };
    reader.failWith(error("EXPRESSION_LITERAL", args, reader.at(token)));
  }
  return literalSyntax(timestampType, ms, { start: word.start, end: token.end });
}

/** What follows the word INTERVAL: a sign, a text and a unit. */
export function parseIntervalLiteral(reader: TokenReader, word: Token): LiteralSyntax {
  const negative = reader.eatSymbol("-");
  const token = reader.peek();
  if (token.kind !== "string") reader.fail("a number in single quotes, as in INTERVAL '5' MINUTE");
  reader.next();
  const unitMs = parseUnit(reader);
  const ms = /^\s*[+-]?\d{1,10}(\.\d{1,9})?\s*$/.test(token.text) ? Math.round(Number(token.text) * unitMs) : Number.NaN;
  const fractional = token.text.includes(".");
  if (Number.isNaN(ms) || (fractional && unitMs !== 1000)) {
    const args = { what: "length of time", text: token.text, form: "INTERVAL '5' MINUTE or INTERVAL '1.5' SECOND" };
    reader.failWith(error("EXPRESSION_LITERAL", args, reader.at(token)));
  }
  return literalSyntax(intervalType, (negative ? -ms : ms) + 0, { start: word.start, end: reader.endOfLast });
}

/** DAY, HOUR, MINUTE or SECOND with an optional precision; gives its ms. */
function parseUnit(reader: TokenReader): number {
  const unit = reader.keyword();
  if (unit === null) reader.fail("DAY, HOUR, MINUTE or SECOND");
  const unitMs = intervalUnits.get(unit) ?? intervalUnits.get(unit.replace(/S$/, ""));
  if (unitMs === undefined) {
    const known = [...intervalUnits.keys()];
    reader.failWith(error("TIME_UNIT_UNKNOWN", { unit, known }, reader.at(spanOf(reader.peek()))));
  }
  reader.next();
  skipPrecision(reader);
  return unitMs;
}

/** `(3)` or `(3, 6)` behind a type or a unit. */
export function skipPrecision(reader: TokenReader): void {
  if (!reader.eatSymbol("(")) return;
  do {
    if (reader.peek().kind !== "number") reader.fail("a number of digits");
    reader.next();
  } while (reader.eatSymbol(","));
  reader.expectSymbol(")");
}
