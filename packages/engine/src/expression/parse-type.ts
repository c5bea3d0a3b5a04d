import { error } from "../diagnostics/diagnostic.ts";
import { bigintType, booleanType, doubleType, type FieldType, intervalType, stringType, timestampType } from "../types/field-type.ts";
import { intervalUnits, skipPrecision } from "./parse-literal.ts";
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

/** The name of a type behind CAST(… AS. */
export function parseType(reader: TokenReader): FieldType {
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
  if (name === "INTERVAL") skipQualifier(reader);
  else skipPrecision(reader);
  return type;
}

/** `DAY`, `DAY TO SECOND(3)` and the like, behind INTERVAL or behind a difference of two timestamps. */
export function skipQualifier(reader: TokenReader): void {
  if (!intervalUnits.has(reader.keyword() ?? "")) reader.fail("DAY, HOUR, MINUTE or SECOND");
  reader.next();
  skipPrecision(reader);
  if (!reader.eatKeyword("TO")) return;
  if (!intervalUnits.has(reader.keyword() ?? "")) reader.fail("DAY, HOUR, MINUTE or SECOND");
  reader.next();
  skipPrecision(reader);
}
