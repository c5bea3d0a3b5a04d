import type { JsonObject } from "@millrace/engine";
import { compareRows } from "../cases/compare-rows.ts";

/** What two multisets of lines do not share, in words; null: they are equal. */
export function lineDifference(expected: readonly string[], actual: readonly string[]): string | null {
  if (expected.length === actual.length) {
    const [a, b] = [[...expected].sort(), [...actual].sort()];
    if (a.every((line, i) => line === b[i])) return null;
  }
  return rowDifference(expected.map(parse), actual.map(parse));
}

/** The same for rows; the order of their members does not count. */
export function rowDifference(expected: readonly JsonObject[], actual: readonly JsonObject[]): string | null {
  const { missing, extra } = compareRows(actual, expected);
  if (missing.length + extra.length === 0) return null;
  const some = (rows: readonly string[]): string => (rows.length === 0 ? "none" : rows.slice(0, 5).join("\n    "));
  return `\n  missing (${missing.length}): ${some(missing)}\n  too many (${extra.length}): ${some(extra)}`;
}

/** The record of a line. */
export function parse(line: string): JsonObject {
  return JSON.parse(line);
}

/** What is left of a changelog's lines when everything that was taken back is gone; what was never there stays, with its sign. */
export function netLines(lines: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const line of lines) {
    const taken = line.startsWith('{"_op":"-');
    const rest = line.slice('{"_op":"+I"'.length);
    left.set(rest, (left.get(rest) ?? 0) + (taken ? -1 : 1));
  }
  return [...left].flatMap(([rest, count]) => Array.from({ length: Math.abs(count) }, () => `{"_op":"${count < 0 ? "-D" : "+I"}"${rest}`));
}

/** A line with its doubles rounded to 12 digits. */
export function roundedLine(line: string): string {
  return JSON.stringify(JSON.parse(line), (_name, value: unknown) =>
    typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(12)) : value,
  );
}
