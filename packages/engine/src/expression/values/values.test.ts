import fc from "fast-check";
import { expect, test } from "vitest";
import {
  dayOf,
  dayOfMonth,
  dayOfWeek,
  dayOfYear,
  daysFromDate,
  isoWeek,
  maxTimestampMs,
  minTimestampMs,
  monthOfDay,
  yearOfDay,
} from "./calendar.ts";
import { characterCount, compareStrings, offsetOfCharacter } from "./code-points.ts";
import { parseDateFormat, readDate, writeDate } from "./date-format.ts";
import { parseJsonPath, writeJsonPath } from "./json-path.ts";
import { likeMatcher } from "./like-pattern.ts";
import { writeDouble } from "./number-text.ts";
import { roundDecimal, truncateDecimal } from "./rounding.ts";
import { addUnits, ceilTime, countUnits, floorTime, roundingUnits } from "./time-units.ts";
import { parseTimestampText, writeTimestampText } from "./timestamp-text.ts";

const anyTime = fc.integer({ min: minTimestampMs, max: maxTimestampMs });

test("the calendar agrees with Date", () => {
  fc.assert(
    fc.property(anyTime, (ms) => {
      const date = new Date(ms);
      const day = dayOf(ms);
      expect([yearOfDay(day), monthOfDay(day), dayOfMonth(day), dayOfWeek(day)]).toEqual([
        date.getUTCFullYear(),
        date.getUTCMonth() + 1,
        date.getUTCDate(),
        date.getUTCDay() + 1,
      ]);
      expect(daysFromDate(yearOfDay(day), monthOfDay(day), dayOfMonth(day))).toBe(day);
      expect(dayOfYear(day)).toBe(day - Math.floor(new Date(0).setUTCFullYear(date.getUTCFullYear(), 0, 1) / 86_400_000) + 1);
    }),
  );
});

test.each([
  ["2026-01-01", 1],
  ["2024-12-30", 1],
  ["2021-01-03", 53],
  ["2020-12-31", 53],
  ["2026-12-31", 53],
])("the ISO week of %s is %i", (text, week) => {
  expect(isoWeek(dayOf(parseTimestampText(text) ?? 0))).toBe(week);
});

test("timestamps survive being written and read", () => {
  fc.assert(
    fc.property(anyTime, (ms) => {
      const text = writeTimestampText(ms) ?? "";
      expect(text).toBe(new Date(ms).toISOString().replace("T", " ").replace("Z", ""));
      expect(parseTimestampText(text)).toBe(ms);
      expect(parseTimestampText(`${text.replace(" ", "T")}Z`)).toBe(ms);
    }),
  );
  expect(parseTimestampText("2026-01-01T00:00:00+02:00")).toBe(Date.UTC(2025, 11, 31, 22));
  for (const wrong of ["2026-02-29", "2026-1", "26-01-01", "2026-01-01 24:00:00", "2026-01-01 00:60", "0000-01-01", "x2026-01-01"]) {
    expect(parseTimestampText(wrong), wrong).toBe(null);
  }
});

test("rounding a time down and up encloses it", () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e13, max: 1e13 }), fc.constantFrom(...roundingUnits), (ms, unit) => {
      const floor = floorTime(ms, unit) ?? Number.NaN;
      const ceil = ceilTime(ms, unit) ?? Number.NaN;
      expect(floor).toBeLessThanOrEqual(ms);
      expect(ceil).toBeGreaterThanOrEqual(ms);
      expect(floorTime(floor, unit)).toBe(floor);
      expect(floor === ms ? ceil : addUnits(unit, 1, floor)).toBe(ceil);
    }),
  );
});

test("counting units is the most that can be added", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 4e12 }),
      fc.integer({ min: 0, max: 1e12 }),
      fc.constantFrom(...roundingUnits),
      (from, length, unit) => {
        // Days that a shorter month lacks make month arithmetic irregular: start early in the month.
        const start = (floorTime(from, "MONTH") ?? 0) + (from % 86_400_000);
        const count = countUnits(unit, start, start + length) ?? Number.NaN;
        expect(addUnits(unit, count, start)).toBeLessThanOrEqual(start + length);
        expect(addUnits(unit, count + 1, start)).toBeGreaterThan(start + length);
        expect(countUnits(unit, start + length, start)).toBe(0 - count);
      },
    ),
  );
});

test.each([
  "yyyy-MM-dd HH:mm:ss.SSS",
  "dd/MM/yyyy hh:mm:ss.SSS a",
  "yyyyMMddHHmmssSSS",
  "EEEE, d MMMM yyyy H:m:s.SSS",
  "yyyy-DDD'T'HH:mm:ss.SSS",
])("%s reads what it writes", (pattern) => {
  const parsed = parseDateFormat(pattern);
  if (!("format" in parsed)) throw new Error(parsed.unknown);
  fc.assert(
    fc.property(fc.integer({ min: -30_000_000_000_000, max: maxTimestampMs }), (ms) => {
      const text = writeDate(parsed.format, ms) ?? "";
      expect(readDate(parsed.format, text)).toBe(ms);
      expect(readDate(parsed.format, `${text}x`)).toBe(null);
    }),
  );
});

test.each([
  [2.5, 0, 3],
  [-2.5, 0, -3],
  [0.49999999999999994, 0, 0],
  [1.005, 2, 1.01],
  [2.675, 2, 2.68],
  [1e300, 2, 1e300],
  [123456789.98765433, 3, 123456789.988],
  [1250, -2, 1300],
  [1249.99, -2, 1200],
  [0.05, 1, 0.1],
  [99.995, 2, 100],
  [Number.MAX_VALUE, -308, null],
])("%d rounded to %i decimals", (value, places, expected) => {
  expect(roundDecimal(value, places)).toBe(expected);
});

test("rounding takes the nearest decimal, and truncating the one towards zero", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, min: -1e12, max: 1e12 }), fc.integer({ min: 0, max: 6 }), (value, places) => {
      const rounded = roundDecimal(value, places) ?? Number.NaN;
      const truncated = truncateDecimal(value, places);
      expect(Math.abs(rounded - value)).toBeLessThanOrEqual(0.5 * 10 ** -places + Math.abs(value) * 1e-15);
      expect(Math.abs(truncated)).toBeLessThanOrEqual(Math.abs(value));
      expect(roundDecimal(rounded, places)).toBe(rounded);
      expect(truncateDecimal(truncated, places)).toBe(truncated);
    }),
  );
});

test("doubles are written as Flink writes them, and read back as the same", () => {
  const pairs = [
    [1, "1.0"],
    [-0, "-0.0"],
    [0.001, "0.001"],
    [0.0009, "9.0E-4"],
    [9999999, "9999999.0"],
    [1e7, "1.0E7"],
    [1.25e21, "1.25E21"],
    [Number.MIN_VALUE, "5.0E-324"],
  ] as const;
  for (const [value, text] of pairs) expect(writeDouble(value)).toBe(text);
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(Object.is(Number(writeDouble(value)), value)).toBe(true);
    }),
  );
});

/** The meaning of a LIKE pattern without escapes, by trying everything. */
function likeOracle(pattern: readonly string[], text: readonly string[]): boolean {
  if (pattern.length === 0) return text.length === 0;
  const [first, ...rest] = pattern;
  if (first === "%") return likeOracle(rest, text) || (text.length > 0 && likeOracle(pattern, text.slice(1)));
  return text.length > 0 && (first === "_" || first === text[0]) && likeOracle(rest, text.slice(1));
}

test("LIKE agrees with an oracle", () => {
  const letters = (alphabet: readonly string[], maxLength: number): fc.Arbitrary<string> =>
    fc.string({ unit: fc.constantFrom(...alphabet), maxLength });
  fc.assert(
    fc.property(letters(["a", "b", "%", "_", "\u{1F600}"], 8), letters(["a", "b", "\u{1F600}"], 10), (pattern, text) => {
      expect(likeMatcher(pattern, null)?.(text)).toBe(likeOracle([...pattern], [...text]));
    }),
    { numRuns: 2000 },
  );
  expect(likeMatcher("100!%", "!")?.("100%")).toBe(true);
  expect(likeMatcher("a!b", "!")).toBe(null);
  expect(likeMatcher("a!", "!")).toBe(null);
});

test("texts are ordered as their UTF-8 bytes, and counted by characters", () => {
  const encoder = new TextEncoder();
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 4 }), fc.string({ unit: "binary", maxLength: 4 }), (a, b) => {
      const [x, y] = [encoder.encode(a), encoder.encode(b)];
      const at = x.findIndex((byte, i) => byte !== y[i]);
      const order = at === -1 ? x.length - y.length : at >= y.length ? 1 : x[at] - y[at];
      expect(Math.sign(compareStrings(a, b))).toBe(Math.sign(order));
      expect(characterCount(a)).toBe([...a].length);
      expect(a.slice(0, offsetOfCharacter(a, 2))).toBe([...a].slice(0, 2).join(""));
    }),
    { numRuns: 1000 },
  );
});

test("JSON paths survive being read and written", () => {
  for (const path of ["$", "$.a.b[0]", "$['odd key'].x", "$[3][4]"]) expect(writeJsonPath(parseJsonPath(path) ?? [])).toBe(path);
  expect(parseJsonPath('strict $."a b"["c\\"d"]')).toEqual(["a b", 'c"d']);
  for (const wrong of ["", "a", "$.", "$..a", "$.*", "$[*]", "$[-1]", "$.a[", "$x"]) expect(parseJsonPath(wrong), wrong).toBe(null);
});
