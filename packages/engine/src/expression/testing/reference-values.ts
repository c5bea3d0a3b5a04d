import type { FieldType } from "../../types/field-type.ts";
import { finiteOrNull, mostWhole, type ReferenceFunction, strict, textOrNull } from "./reference-function.ts";
import { cutToWhole } from "./reference-numbers.ts";
import { readTimestamp, writeTimestamp } from "./reference-time.ts";

/** Names and indexes of a path that the generator makes: `$.a.b[1]`, `$['odd key']`. */
function stepsOf(path: string): readonly (string | number)[] {
  const steps = path.replace(/^(?:lax|strict) /, "").slice(1);
  return [...steps.matchAll(/\.([\w-]+)|\['([^']*)'\]|\[(\d+)\]/g)].map(([, name, quoted, index]) =>
    index === undefined ? (name ?? quoted) : Number(index),
  );
}

/** Own members alone; undefined: there is none. */
function member(value: unknown, name: string | number): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value) !== (typeof name === "number")) return undefined;
  return Object.getOwnPropertyDescriptor(value, name)?.value;
}

function follow(value: unknown, type: FieldType, path: string): unknown {
  let at = type.kind === "string" ? parsed(String(value)) : value;
  for (const step of stepsOf(path)) at = member(at, step);
  return at;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function jsonText(value: unknown): string | null {
  const text: string | undefined = JSON.stringify(value);
  return text === undefined ? null : textOrNull(text);
}

/** Text of a JSON scalar; objects, arrays and null have none, nor numbers that are written with digits that nobody knows. */
function scalar(value: unknown): string | null {
  if (typeof value === "number" && !Number.isSafeInteger(Math.trunc(value)) && !/^-?\d(\.\d+)?e/.test(String(value))) return null;
  return value === undefined || value === null || typeof value === "object" ? null : String(value);
}

function readWhole(text: string): number | null {
  const match = /^\s*([+-]?)(\d+)(?:\.\d*)?\s*$/.exec(text);
  if (match === null || text.length > 400) return null;
  // The digits behind a point are cut, but they count for what the nearest double is.
  const value = Math.trunc(Number(text));
  return Math.abs(value) <= mostWhole ? value + 0 : null;
}

function readReal(text: string): number | null {
  return text.length <= 400 && /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/.test(text) ? finiteOrNull(Number(text)) : null;
}

function readTruth(text: string): boolean | null {
  const word = text.length > 16 ? "" : text.trim().toLowerCase();
  if (["t", "true", "y", "yes", "1"].includes(word)) return true;
  return ["f", "false", "n", "no", "0"].includes(word) ? false : null;
}

/** As Java writes a double. */
function writeReal(value: number): string {
  const size = Math.abs(value);
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  if (size === 0) return `${sign}0.0`;
  const point = (digits: string): string => (digits.includes(".") ? digits : `${digits}.0`);
  if (size >= 0.001 && size < 10_000_000) return sign + point(String(size));
  const [mantissa, exponent] = size.toExponential().split("e");
  return `${sign}${point(mantissa)}E${Number(exponent)}`;
}

function writeInterval(ms: number): string {
  const size = BigInt(Math.abs(ms));
  const digits = (value: bigint, width: number): string => String(value).padStart(width, "0");
  const time = `${digits((size / 3_600_000n) % 24n, 2)}:${digits((size / 60_000n) % 60n, 2)}:${digits((size / 1000n) % 60n, 2)}.${digits(size % 1000n, 3)}`;
  return `${ms < 0 ? "-" : "+"}${size / 86_400_000n} ${time}`;
}

function cast(value: unknown, from: FieldType, to: FieldType): unknown {
  if (from.kind === "json") return castJson(value, to);
  switch (to.kind) {
    case "bigint":
      if (typeof value === "string") return readWhole(value);
      return from.kind === "double" ? cutToWhole(Number(value)) : Number(value);
    case "double":
      return typeof value === "string" ? readReal(value) : Number(value);
    case "boolean":
      return typeof value === "string" ? readTruth(value) : Number(value) !== 0;
    case "timestamp":
      return readTimestamp(String(value));
    default:
      return castToText(value, from);
  }
}

function castToText(value: unknown, from: FieldType): string | null {
  switch (from.kind) {
    case "double":
      return writeReal(Number(value));
    case "boolean":
      return value === true ? "TRUE" : "FALSE";
    case "timestamp":
      return writeTimestamp(Number(value));
    case "interval":
      return writeInterval(Number(value));
    default:
      return String(value);
  }
}

function castJson(value: unknown, to: FieldType): unknown {
  const text = scalar(value);
  if (text === null && typeof value === "number") return to.kind === "double" && Number.isFinite(value) ? value : null;
  if (to.kind === "string") return text === null ? jsonText(value) : textOrNull(text);
  if (text === null) return null;
  if (to.kind === "bigint") return typeof value === "number" && Number.isSafeInteger(value) ? value + 0 : readWhole(text);
  return to.kind === "double" ? readReal(text) : to.kind === "boolean" ? readTruth(text) : readTimestamp(text);
}

/** JSON, members and elements, conversions. */
export const referenceValues: Readonly<Record<string, ReferenceFunction>> = {
  CAST: strict(([value], [from], to) => cast(value, from, to)),
  JSON_VALUE: strict(([value, path], [type]) => scalar(follow(value, type, String(path)))),
  JSON_QUERY: strict(([value, path], [type]) => {
    const found = follow(value, type, String(path));
    return typeof found === "object" && found !== null ? jsonText(found) : null;
  }),
  JSON_EXISTS: strict(([value, path], [type]) => follow(value, type, String(path)) !== undefined),
  JSON_STRING: strict(([value]) => jsonText(value)),
  CARDINALITY: strict(([value]) => (Array.isArray(value) ? value.length : null)),
  ".": strict(([value, name]) => member(value, String(name)) ?? null),
  "[]": strict(([value, index]) => member(value, typeof index === "number" ? index - 1 : String(index)) ?? null),
};
