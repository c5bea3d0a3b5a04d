import type { FieldType } from "../../types/field-type.ts";
import { wideningKernel } from "../kernels/widening-kernel.ts";
import { bounded } from "../values/bounded-text.ts";
import { scalarText, writeJsonText } from "../values/json-path.ts";
import { parseBigint, parseBoolean, parseDouble, writeDouble } from "../values/number-text.ts";
import { parseTimestampText, writeIntervalText, writeTimestampText } from "../values/timestamp-text.ts";
import { define, type FunctionDefinition, type Implementation } from "./function-definition.ts";

type Convert = (value: never) => unknown;

function truncateToBigint(x: number): number | null {
  const whole = Math.trunc(x) + 0;
  return Number.isSafeInteger(whole) ? whole : null;
}

/** A json number that is whole, or what its text is; objects and arrays are no numbers. */
function jsonToBigint(value: unknown): number | null {
  if (typeof value === "number" && Number.isSafeInteger(value)) return value + 0;
  const text = scalarText(value);
  return text === null ? null : parseBigint(text);
}

function jsonToDouble(value: unknown): number | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  const text = scalarText(value);
  return text === null ? null : parseDouble(text);
}

function jsonToText(value: unknown): string | null {
  const text = scalarText(value) ?? (typeof value === "number" ? null : writeJsonText(value));
  return text === null ? null : bounded(text);
}

/** Reads the text of a json scalar. */
function viaText<T>(read: (text: string) => T | null): (value: unknown) => T | null {
  return (value) => {
    const text = scalarText(value);
    return text === null ? null : read(text);
  };
}

/** Conversions by `from>to`. What cannot be converted is null. */
const conversions: ReadonlyMap<string, Convert> = new Map<string, Convert>([
  ["bigint>double", (x: number) => x],
  ["bigint>string", (x: number) => String(x)],
  ["bigint>boolean", (x: number) => x !== 0],
  ["double>bigint", truncateToBigint],
  ["double>string", writeDouble],
  ["double>boolean", (x: number) => x !== 0],
  ["boolean>bigint", (x: boolean) => (x ? 1 : 0)],
  ["boolean>double", (x: boolean) => (x ? 1 : 0)],
  ["boolean>string", (x: boolean) => (x ? "TRUE" : "FALSE")],
  ["string>bigint", parseBigint],
  ["string>double", parseDouble],
  ["string>boolean", parseBoolean],
  ["string>timestamp", parseTimestampText],
  ["timestamp>string", writeTimestampText],
  ["interval>string", writeIntervalText],
  ["interval>bigint", (ms: number) => ms],
  ["json>string", jsonToText],
  ["json>bigint", jsonToBigint],
  ["json>double", jsonToDouble],
  ["json>boolean", viaText(parseBoolean)],
  ["json>timestamp", viaText(parseTimestampText)],
]);

/** True when CAST can convert `from` into `to`. */
export function canCast(from: FieldType, to: FieldType): boolean {
  return conversions.has(`${from.kind}>${to.kind}`);
}

/** What to write instead of a CAST that does not exist. */
export function insteadOfCast(from: FieldType, to: FieldType): string {
  if (to.kind === "timestamp" && (from.kind === "bigint" || from.kind === "double")) {
    return "Use TO_TIMESTAMP_LTZ(value, 3) for milliseconds since 1970, or (value, 0) for seconds.";
  }
  if (from.kind === "timestamp") return "Use UNIX_TIMESTAMP(time) for seconds since 1970, or EXTRACT(unit FROM time).";
  if (from.kind === "array" || from.kind === "row") return "Use JSON_STRING(value) for text, or take a member of it.";
  return "Convert it to STRING first, or compare it with something.";
}

const whole = new Set(["bigint>double", "interval>bigint"]);

export const conversion: readonly FunctionDefinition[] = [
  define(
    "conversion",
    "CAST",
    "The value as another type: BOOLEAN, BIGINT, DOUBLE, STRING or TIMESTAMP. What cannot be converted is NULL, as with TRY_CAST; fractions are cut. A length of time becomes milliseconds; whole numbers beyond ±2^53 are NULL. Types that hold less are read as these: INT is BIGINT, VARCHAR(3) STRING, and nothing is cut.",
    [],
    [
      ["CAST('42' AS BIGINT)", 42],
      ["CAST('abc' AS BIGINT)", null],
      ["CAST(-2.7 AS BIGINT)", -2],
      ["CAST(1.5 AS STRING)", "1.5"],
      ["CAST(TRUE AS STRING)", "TRUE"],
      ["TRY_CAST('yes' AS BOOLEAN)", true],
      ["CAST(TIMESTAMP '2026-01-01 00:00:00' AS STRING)", "2026-01-01 00:00:00.000"],
      ["CAST(INTERVAL '90' SECOND AS STRING)", "+0 00:01:30.000"],
      ["CAST(INTERVAL '90' SECOND AS BIGINT)", 90_000],
    ],
    {
      aliases: ["TRY_CAST"],
      syntax: "CAST(value AS type)",
      special: (call): Implementation => {
        const key = `${call.args[0].type.kind}>${call.type.kind}`;
        const evaluate = conversions.get(key) ?? ((): null => null);
        return whole.has(key) ? { nulls: "propagate", evaluate, kernel: wideningKernel } : { nulls: "propagate", evaluate };
      },
    },
  ),
];
