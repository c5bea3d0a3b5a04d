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

/** What follows the word INTERVAL: a sign, a text and a unit, or two with TO between them, as in INTERVAL '1 06:00' DAY TO MINUTE. */
export function parseIntervalLiteral(reader: TokenReader, word: Token): LiteralSyntax {
  const negative = reader.eatSymbol("-");
  const token = reader.peek();
  if (token.kind !== "string") reader.fail("a number in single quotes, as in INTERVAL '5' MINUTE");
  reader.next();
  const from = parseUnit(reader);
  // Behind a bare number the TO is another's: FLOOR(t + INTERVAL '1' DAY TO HOUR).
  const isNumber = /^\s*[+-]?\d+(\.\d+)?\s*$/.test(token.text);
  const to = !isNumber && reader.eatKeyword("TO") ? parseUnit(reader) : from;
  const ms = lengthOf(token.text, from, to);
  if (ms === null) {
    const args = { what: "length of time", text: token.text, form: formOf(from, to) };
    reader.failWith(error("EXPRESSION_LITERAL", args, reader.at(token)));
  }
  return literalSyntax(intervalType, (negative ? -ms : ms) + 0, { start: word.start, end: reader.endOfLast });
}

/** What stands before each unit in a text of several, as in '1 02:03:04.500'. */
const separators: ReadonlyMap<string, string> = new Map([
  ["HOUR", " "],
  ["MINUTE", ":"],
  ["SECOND", ":"],
]);
/** Smaller units are numbers below these where a larger one stands before them. */
const limits: ReadonlyMap<string, number> = new Map([
  ["HOUR", 24],
  ["MINUTE", 60],
  ["SECOND", 60],
]);

function unitsFromTo(from: string, to: string): readonly string[] {
  const units = [...intervalUnits.keys()];
  return units.slice(units.indexOf(from), units.indexOf(to) + 1);
}

/** The ms of a text in the units `from` to `to`; null when it is none, or the units are not in falling order. */
function lengthOf(text: string, from: string, to: string): number | null {
  const units = unitsFromTo(from, to);
  if (units.length === 0) return null;
  const pattern = units.map((unit, i) => (i === 0 ? "(\\d{1,10})" : `${separators.get(unit)}(\\d{1,2})`)).join("");
  const match = new RegExp(`^\\s*([+-]?)${pattern}${to === "SECOND" ? "(\\.\\d{1,9})?" : ""}\\s*$`).exec(text);
  if (match === null) return null;
  let ms = 0;
  for (const [i, unit] of units.entries()) {
    const last = i === units.length - 1 ? (match[units.length + 2] ?? "") : "";
    const count = Number(match[i + 2] + last);
    if (i > 0 && count >= (limits.get(unit) ?? 0)) return null;
    ms += count * (intervalUnits.get(unit) ?? 0);
  }
  return Math.round(match[1] === "-" ? -ms : ms);
}

/** How a length of time is written in these units. */
function formOf(from: string, to: string): string {
  const units = unitsFromTo(from, to);
  if (units.length < 2) return "INTERVAL '5' MINUTE or INTERVAL '1.5' SECOND";
  const parts = units.map((unit, i) => (i === 0 ? "1" : `${separators.get(unit)}0${i + 1}`));
  return `INTERVAL '${parts.join("")}' ${from} TO ${to}`;
}

/** DAY, HOUR, MINUTE or SECOND, also in the plural, with an optional precision. */
function parseUnit(reader: TokenReader): string {
  const unit = reader.keyword();
  if (unit === null) reader.fail("DAY, HOUR, MINUTE or SECOND");
  const singular = unit.replace(/S$/, "");
  if (!intervalUnits.has(singular)) {
    const known = [...intervalUnits.keys()];
    reader.failWith(error("TIME_UNIT_UNKNOWN", { unit, known }, reader.at(spanOf(reader.peek()))));
  }
  reader.next();
  readPrecision(reader);
  return singular;
}

/** `(3)` or `(3, 6)` behind a type or a unit: the first number, null where there is none. */
export function readPrecision(reader: TokenReader): number | null {
  if (!reader.eatSymbol("(")) return null;
  const digits = Number(reader.peek().text);
  do {
    if (reader.peek().kind !== "number") reader.fail("a number of digits");
    reader.next();
  } while (reader.eatSymbol(","));
  reader.expectSymbol(")");
  return digits;
}
