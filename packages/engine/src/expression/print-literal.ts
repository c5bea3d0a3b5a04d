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
      return printInterval(value, dialect);
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

/** In the largest unit that divides it. SQL wants the number of digits where there are more than two, of which Flink reads three. */
function printInterval(ms: number, dialect: Dialect): string {
  const size = Math.abs(ms);
  const sign = ms < 0 ? "-" : "";
  const [unit, unitMs] = [...intervalUnits].find(([, unitMs]) => size % unitMs === 0) ?? ["SECOND", 1000];
  const whole = Math.floor(size / unitMs);
  if (dialect === "flink" && whole > mostOfFlink) return printDays(size, sign);
  const fraction = size % unitMs === 0 ? "" : `.${thousandths(size)}`;
  const digits = whole > 99 ? `(${String(whole).length}${fraction === "" ? "" : ", 3"})` : "";
  return `INTERVAL '${sign}${whole}${fraction}' ${unit}${digits}`;
}

const mostOfFlink = 999;
const dayMs = 86_400_000;

/** Days and what is left of the last one; more days than Flink reads are multiplied. */
function printDays(size: number, sign: string): string {
  const days = Math.floor(size / dayMs);
  if (days > mostOfFlink) {
    const rest = size % dayMs === 0 ? "" : ` + ${printDays(size % dayMs, sign)}`;
    return `(INTERVAL '${sign}1' DAY * ${days}${rest})`;
  }
  const [hours, minutes, seconds] = [3_600_000, 60_000, 1000].map((unitMs, i) => Math.floor(size / unitMs) % (i === 0 ? 24 : 60));
  const time = [hours, minutes, seconds].map((count) => String(count).padStart(2, "0")).join(":");
  return `INTERVAL '${sign}${days} ${time}.${thousandths(size)}' DAY(3) TO SECOND(3)`;
}

function thousandths(ms: number): string {
  return String(ms % 1000).padStart(3, "0");
}
