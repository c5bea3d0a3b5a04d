import { error } from "../diagnostics/diagnostic.ts";
import { bigintType, booleanType, doubleType, type FieldType, intervalType, stringType, timestampType } from "../types/field-type.ts";
import { intervalUnits, readPrecision } from "./parse-literal.ts";
import type { Narrowed, WrittenType } from "./syntax.ts";
import type { TokenReader } from "./token-reader.ts";

const types: ReadonlyMap<string, FieldType> = new Map([
  ["BOOLEAN", booleanType],
  ["BIGINT", bigintType],
  ["INT", bigintType],
  ["INTEGER", bigintType],
  ["SMALLINT", bigintType],
  ["TINYINT", bigintType],
  ["DOUBLE", doubleType],
  ["FLOAT", doubleType],
  ["STRING", stringType],
  ["VARCHAR", stringType],
  ["TIMESTAMP", timestampType],
  ["TIMESTAMP_LTZ", timestampType],
  ["INTERVAL", intervalType],
]);

/** The longest text of SQL: VARCHAR(2147483647) is STRING. */
const mostText = 2_147_483_647;

const missing: ReadonlyMap<string, string> = new Map([
  ["DECIMAL", "Use DOUBLE, or BIGINT with amounts in the smallest unit (cents)."],
  ["NUMERIC", "Use DOUBLE, or BIGINT with amounts in the smallest unit (cents)."],
  ["DEC", "Use DOUBLE, or BIGINT with amounts in the smallest unit (cents)."],
  ["REAL", "Use DOUBLE."],
  ["NUMBER", "Use BIGINT or DOUBLE."],
  ["TEXT", "Use STRING."],
  ["CHAR", "Use STRING."],
  ["BOOL", "Use BOOLEAN."],
  ["DATE", "Use TIMESTAMP, or FLOOR(time TO DAY) for the day."],
  ["TIME", "Use TIMESTAMP, or DATE_FORMAT(time, 'HH:mm:ss') for the time of day."],
  ["DATETIME", "Use TIMESTAMP."],
]);

/** Types of SQL that hold less than those that stand for them here, and how to get what SQL makes of a value. */
const narrower: ReadonlyMap<string, (digits: number | null) => Narrowed | null> = new Map<
  string,
  (digits: number | null) => Narrowed | null
>([
  ["VARCHAR", narrowedText],
  ["TIMESTAMP", narrowedTime],
  ["TIMESTAMP_LTZ", narrowedTime],
  ["TINYINT", () => narrowedWhole(127)],
  ["SMALLINT", () => narrowedWhole(32_767)],
]);

function narrowedText(length: number | null): Narrowed | null {
  if (length === null || length >= mostText) return null;
  return { kept: `texts of more than ${length} characters`, instead: `Write SUBSTRING(… FROM 1 FOR ${length}) to cut them.` };
}

function narrowedTime(digits: number | null): Narrowed | null {
  if (digits === null || digits > 2) return null;
  return { kept: "milliseconds", instead: "Write FLOOR(… TO SECOND) to cut them." };
}

function narrowedWhole(most: number): Narrowed {
  return { kept: `numbers beyond ±${most}`, instead: `Write CASE WHEN … BETWEEN -${most + 1} AND ${most} THEN … END to make them NULL.` };
}

/** The name of a type behind CAST(… AS. */
export function parseType(reader: TokenReader): WrittenType {
  const token = reader.peek();
  if (token.kind !== "name") reader.fail("a type, such as STRING, BIGINT, DOUBLE, BOOLEAN or TIMESTAMP");
  const name = token.text.toUpperCase();
  const type = types.get(name);
  if (type === undefined) {
    const instead = missing.get(name) ?? "Use STRING, BIGINT, DOUBLE, BOOLEAN or TIMESTAMP.";
    reader.failWith(error("EXPRESSION_TYPE_NAME", { name: token.text, instead }, reader.at(token)));
  }
  reader.next();
  if (name === "DOUBLE") reader.eatKeyword("PRECISION");
  let digits: number | null = null;
  if (name === "INTERVAL") skipQualifier(reader);
  else digits = readPrecision(reader);
  return { type, narrowed: narrower.get(name)?.(digits) ?? null, span: { start: token.start, end: reader.endOfLast } };
}

/** `DAY`, `DAY TO SECOND(3)` and the like, behind INTERVAL or behind a difference of two timestamps. */
export function skipQualifier(reader: TokenReader): void {
  if (!intervalUnits.has(reader.keyword() ?? "")) reader.fail("DAY, HOUR, MINUTE or SECOND");
  reader.next();
  readPrecision(reader);
  if (!reader.eatKeyword("TO")) return;
  if (!intervalUnits.has(reader.keyword() ?? "")) reader.fail("DAY, HOUR, MINUTE or SECOND");
  reader.next();
  readPrecision(reader);
}
