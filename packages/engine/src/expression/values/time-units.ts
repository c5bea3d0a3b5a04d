import {
  dayMs,
  dayOf,
  dayOfMonth,
  dayOfWeek,
  dayOfYear,
  daysFromDate,
  daysInMonth,
  isoDayOfWeek,
  isoWeek,
  isTimestamp,
  monthOfDay,
  timeOfDayMs,
  yearOfDay,
} from "./calendar.ts";

/** Units of a fixed length, ms. A week starts on Sunday when times are rounded, as in Flink. */
const fixedUnits: ReadonlyMap<string, number> = new Map([
  ["SECOND", 1000],
  ["MINUTE", 60_000],
  ["HOUR", 3_600_000],
  ["DAY", dayMs],
  ["WEEK", 7 * dayMs],
]);

/** Units of whole months. */
const monthUnits: ReadonlyMap<string, number> = new Map([
  ["MONTH", 1],
  ["QUARTER", 3],
  ["YEAR", 12],
]);

/** Units to which times are rounded and in which they are added and subtracted. */
export const roundingUnits: readonly string[] = [...fixedUnits.keys(), ...monthUnits.keys()];

const parts: ReadonlyMap<string, (ms: number) => number> = new Map<string, (ms: number) => number>([
  ["YEAR", (ms) => yearOfDay(dayOf(ms))],
  ["QUARTER", (ms) => Math.floor((monthOfDay(dayOf(ms)) + 2) / 3)],
  ["MONTH", (ms) => monthOfDay(dayOf(ms))],
  ["WEEK", (ms) => isoWeek(dayOf(ms))],
  ["DAY", (ms) => dayOfMonth(dayOf(ms))],
  ["DOY", (ms) => dayOfYear(dayOf(ms))],
  ["DOW", (ms) => dayOfWeek(dayOf(ms))],
  ["ISODOW", (ms) => isoDayOfWeek(dayOf(ms))],
  ["HOUR", (ms) => Math.floor(timeOfDayMs(ms) / 3_600_000)],
  ["MINUTE", (ms) => Math.floor(timeOfDayMs(ms) / 60_000) % 60],
  ["SECOND", (ms) => Math.floor(timeOfDayMs(ms) / 1000) % 60],
  ["EPOCH", (ms) => Math.floor(ms / 1000)],
]);

/** Units that can be extracted. */
export const extractableUnits: readonly string[] = [...parts.keys()];

/** A part of a time in UTC, such as its HOUR; null for an unknown unit. */
export function extractPart(unit: string, ms: number): number | null {
  return parts.get(unit)?.(ms) ?? null;
}

/** The start of the unit that holds the time; null for an unknown unit or outside the years 1 to 9999. */
export function floorTime(ms: number, unit: string): number | null {
  const fixed = fixedUnitOf(unit);
  if (fixed === null) {
    const months = monthUnits.get(unit);
    return months === undefined ? null : inRange(startOfMonths(monthIndex(ms), months));
  }
  return inRange(Math.floor((ms + fixed.shiftMs) / fixed.sizeMs) * fixed.sizeMs - fixed.shiftMs);
}

/** Length of a unit that is always as long, and how long before 1970 one of them began; null for months and longer, and for unknown units. */
export function fixedUnitOf(unit: string): { readonly sizeMs: number; readonly shiftMs: number } | null {
  const sizeMs = fixedUnits.get(unit);
  // 1970-01-01 was a Thursday: the Sunday before it is four days earlier.
  return sizeMs === undefined ? null : { sizeMs, shiftMs: unit === "WEEK" ? 4 * dayMs : 0 };
}

/** The time itself when a unit starts there, else the start of the next one. */
export function ceilTime(ms: number, unit: string): number | null {
  const floor = floorTime(ms, unit);
  return floor === null || floor === ms ? floor : addUnits(unit, 1, floor);
}

/** The time moved by `count` units; days that a shorter month lacks become its last one. */
export function addUnits(unit: string, count: number, ms: number): number | null {
  const months = monthUnits.get(unit);
  if (months === undefined) return inRange(ms + count * (fixedUnits.get(unit) ?? Number.NaN));
  const target = monthIndex(ms) + count * months;
  const year = Math.floor(target / 12);
  const month = target - year * 12 + 1;
  if (year < 1 || year > 9999) return null;
  const day = Math.min(dayOfMonth(dayOf(ms)), daysInMonth(year, month));
  return inRange(daysFromDate(year, month, day) * dayMs + timeOfDayMs(ms));
}

/** Whole units from `from` to `to`, negative when `to` is earlier. */
export function countUnits(unit: string, from: number, to: number): number | null {
  const size = fixedUnits.get(unit);
  if (size !== undefined) return Math.trunc((to - from) / size) + 0;
  const months = monthUnits.get(unit);
  if (months === undefined) return null;
  return Math.trunc((from <= to ? wholeMonths(from, to) : -wholeMonths(to, from)) / months) + 0;
}

/** Months that can be added to a time without passing a later one: from 31 January to 28 February is one, as `addUnits` has it. */
function wholeMonths(from: number, to: number): number {
  const between = monthIndex(to) - monthIndex(from);
  const reached = addUnits("MONTH", between, from);
  return reached !== null && reached > to ? between - 1 : between;
}

/** Months since the year 0. */
function monthIndex(ms: number): number {
  const day = dayOf(ms);
  return yearOfDay(day) * 12 + monthOfDay(day) - 1;
}

function startOfMonths(index: number, months: number): number {
  const start = Math.floor(index / months) * months;
  const year = Math.floor(start / 12);
  return daysFromDate(year, start - year * 12 + 1, 1) * dayMs;
}

function inRange(ms: number): number | null {
  return isTimestamp(ms) ? ms : null;
}
