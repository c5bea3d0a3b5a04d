import type { FieldType } from "../types/field-type.ts";
import { intervalUnits } from "./parse-literal.ts";
import type { LiteralValue } from "./typed-expression.ts";
import { writeTimestampText } from "./values/timestamp-text.ts";

/** `flink`: as Flink SQL reads it with the same meaning; `millrace`: text that is checked to the same expression again. */
export type Dialect = "flink" | "millrace";

/** The name of a type in CAST; null for types that cannot be cast to. */
export function printType(type: FieldType): string | null {
  switch (type.kind) {
    case "boolean":
      return "BOOLEAN";
    case "bigint":
      return "BIGINT";
    case "double":
      return "DOUBLE";
    case "string":
      return "STRING";
    case "timestamp":
      return "TIMESTAMP_LTZ(3)";
    case "interval":
      return "INTERVAL DAY TO SECOND(3)";
    default:
      return null;
  }
}

/** A literal with exactly that type. */
export function printLiteral(type: FieldType, value: LiteralValue, dialect: Dialect): string {
  const name = printType(type);
  if (value === null) return name === null ? "NULL" : `CAST(NULL AS ${name})`;
  if (typeof value === "boolean") return value ? "TRUE" : "FALSE";
  if (typeof value === "string") return printText(value);
  switch (type.kind) {
    case "double":
      return printDouble(value, dialect);
    case "timestamp": {
      const literal = `TIMESTAMP '${writeTimestampText(value) ?? ""}'`;
      return dialect === "flink" ? `CAST(${literal} AS TIMESTAMP_LTZ(3))` : literal;
    }
    case "interval":
      return printInterval(value);
    default:
      return String(value);
  }
}

/** A text in single quotes. */
export function printText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** With an exponent, so that Flink takes it for a double and not for a decimal. */
function printDouble(value: number, dialect: Dialect): string {
  const text = Object.is(value, -0) ? "-0.0" : String(value).replace("e+", "E").replace("e", "E");
  if (text.includes("E")) return text;
  const decimal = text.includes(".") ? text : `${text}.0`;
  return dialect === "flink" ? `${decimal}E0` : decimal;
}

/** In the largest unit that divides it; Flink wants the number of digits where there are more than two. */
function printInterval(ms: number): string {
  const size = Math.abs(ms);
  const sign = ms < 0 ? "-" : "";
  for (const [unit, unitMs] of intervalUnits) {
    if (size % unitMs === 0) return `INTERVAL '${sign}${size / unitMs}' ${unit}${precision(size / unitMs)}`;
  }
  const whole = Math.floor(size / 1000);
  const fraction = String(size % 1000).padStart(3, "0");
  return `INTERVAL '${sign}${whole}.${fraction}' SECOND${whole > 99 ? `(${String(whole).length}, 3)` : ""}`;
}

function precision(count: number): string {
  return count > 99 ? `(${String(count).length})` : "";
}
