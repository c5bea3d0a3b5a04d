import { parseDuration } from "@millrace/engine";

const unitMs: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** What people write for the units. */
const unitNames: readonly (readonly [RegExp, string])[] = [
  [/^(?:ms|msecs?|millis(?:econds?)?|milliseconds?)$/, "ms"],
  [/^(?:s|secs?|seconds?)$/, "s"],
  [/^(?:m|mins?|minutes?)$/, "m"],
  [/^(?:h|hrs?|hours?)$/, "h"],
  [/^(?:d|days?)$/, "d"],
];

const part = /(\d+(?:[.,]\d+)?)\s*([a-z]+)(?:\s*(?:,|and)?\s*)/gy;

/** Milliseconds of a duration as people write it: `5m`, `5 min`, `1 h 20 min`, `1.5 hours`. null when it is none. A bare number is none: its unit would be a guess. */
export function parseDurationWords(text: string): number | null {
  const tidy = text.trim().toLowerCase();
  const exact = parseDuration(tidy);
  if (exact !== null) return exact;
  if (tidy === "") return null;
  let ms = 0;
  part.lastIndex = 0;
  while (part.lastIndex < tidy.length) {
    const match = part.exec(tidy);
    if (match === null) return null;
    const unit = unitNames.find(([form]) => form.test(match[2]))?.[1];
    if (unit === undefined) return null;
    ms += Number(match[1].replace(",", ".")) * unitMs[unit];
  }
  const rounded = Math.round(ms);
  return Number.isSafeInteger(rounded) ? rounded : null;
}
