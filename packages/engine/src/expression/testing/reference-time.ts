import { firstTime, lastTime, type ReferenceFunction, strict } from "./reference-function.ts";

const dayMs = 86_400_000;
const fixedMs: Readonly<Record<string, number>> = { SECOND: 1000, MINUTE: 60_000, HOUR: 3_600_000, DAY: dayMs, WEEK: 7 * dayMs };
const monthsOf: Readonly<Record<string, number>> = { MONTH: 1, QUARTER: 3, YEAR: 12 };

function inRange(ms: number): number | null {
  return Number.isInteger(ms) && ms >= firstTime && ms <= lastTime ? ms : null;
}

/** `Date.UTC` takes the years 0 to 99 for 1900 to 1999. */
function utc(year: number, month: number, day: number, ...time: readonly number[]): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const [hour = 0, minute = 0, second = 0, ms = 0] = time;
  date.setUTCHours(hour, minute, second, ms);
  return date.getTime();
}

/** The time of a date that is there and a time of day that is there; else null. */
export function timeOf(year: number, month: number, day: number, hour = 0, minute = 0, second = 0, ms = 0): number | null {
  const date = new Date(utc(year, month, day, hour, minute, second, ms));
  const same =
    date.getUTCFullYear() === year && date.getUTCMonth() + 1 === month && date.getUTCDate() === day && date.getUTCHours() === hour;
  return same && minute < 60 && second < 60 && ms < 1000 ? inRange(date.getTime()) : null;
}

function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - utc(date.getUTCFullYear(), 1, 1)) / dayMs) + 1;
}

/** ISO 8601: the week belongs to the year of its Thursday. */
function isoWeek(date: Date): number {
  const thursday = new Date(date.getTime() + (4 - (date.getUTCDay() || 7)) * dayMs);
  return Math.floor((dayOfYear(thursday) - 1) / 7) + 1;
}

function part(unit: string, ms: number): number | null {
  const date = new Date(ms);
  const parts: Readonly<Record<string, number>> = {
    YEAR: date.getUTCFullYear(),
    QUARTER: Math.floor(date.getUTCMonth() / 3) + 1,
    MONTH: date.getUTCMonth() + 1,
    WEEK: isoWeek(date),
    DAY: date.getUTCDate(),
    DOY: dayOfYear(date),
    DOW: date.getUTCDay() + 1,
    ISODOW: date.getUTCDay() || 7,
    HOUR: date.getUTCHours(),
    MINUTE: date.getUTCMinutes(),
    SECOND: date.getUTCSeconds(),
    EPOCH: Math.floor(ms / 1000),
  };
  return parts[unit] ?? null;
}

function partOf(unit: string): ReferenceFunction {
  return strict(([ms]) => part(unit, Number(ms)));
}

/** The start of the unit that holds a time; weeks begin on Sunday. */
export function floorTo(unit: string, ms: number): number | null {
  const date = new Date(ms);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  if (Object.hasOwn(monthsOf, unit)) return inRange(utc(year, Math.floor(month / monthsOf[unit]) * monthsOf[unit] + 1, 1));
  const midnight = utc(year, month + 1, date.getUTCDate());
  if (unit === "WEEK") return inRange(midnight - date.getUTCDay() * dayMs);
  return inRange(ms - (((ms % fixedMs[unit]) + fixedMs[unit]) % fixedMs[unit]));
}

/** Days that a shorter month lacks become its last one. */
function add(unit: string, count: number, ms: number): number | null {
  if (Object.hasOwn(fixedMs, unit)) return inRange(ms + count * fixedMs[unit]);
  const date = new Date(ms);
  const index = date.getUTCFullYear() * 12 + date.getUTCMonth() + count * monthsOf[unit];
  const [year, month] = [Math.floor(index / 12), index - Math.floor(index / 12) * 12 + 1];
  if (year < 1 || year > 9999) return null;
  const last = new Date(utc(year, month + 1, 0)).getUTCDate();
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds(), date.getUTCMilliseconds()];
  return inRange(utc(year, month, Math.min(date.getUTCDate(), last), ...time));
}

export function ceilTo(unit: string, ms: number): number | null {
  const floor = floorTo(unit, ms);
  return floor === null || floor === ms ? floor : add(unit, 1, floor);
}

/** Whole units between two times, towards zero. */
function between(unit: string, from: number, to: number): number | null {
  if (Object.hasOwn(fixedMs, unit)) return Math.trunc((to - from) / fixedMs[unit]) + 0;
  if (from > to) {
    const back = monthsBetween(to, from);
    return 0 - Math.floor(back / monthsOf[unit]);
  }
  return Math.floor(monthsBetween(from, to) / monthsOf[unit]);
}

/** Whole months from a time to a later one, counted one by one from where there are at least as many. */
function monthsBetween(from: number, to: number): number {
  let months = Math.floor((to - from) / (31 * dayMs));
  for (;;) {
    const next = add("MONTH", months + 1, from);
    if (next === null || next > to) return months;
    months++;
  }
}

const timestampForm =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,9}))?)?(?: ?(?:(Z)|([+-])(\d{2}):?(\d{2})))?)?$/;

export function readTimestamp(text: string): number | null {
  const match = timestampForm.exec(text.trim());
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((digits) => Number(digits ?? 0));
  const fraction = Number((match[7] ?? "0").padEnd(3, "0").slice(0, 3));
  const local = timeOf(year, month, day, hour, minute, second, fraction);
  const [hours, minutes] = [Number(match[10] ?? 0), Number(match[11] ?? 0)];
  if (local === null || hours > 18 || minutes > 59) return null;
  return inRange(local - (match[9] === "-" ? -1 : 1) * (hours * 60 + minutes) * 60_000);
}

export function writeTimestamp(ms: number): string | null {
  return inRange(ms) === null ? null : new Date(ms).toISOString().replace("T", " ").replace("Z", "");
}

function ofEpoch([value, precision]: readonly unknown[]): number | null {
  if (precision !== 0 && precision !== 3) return null;
  return inRange(Math.floor(Number(value) * (precision === 0 ? 1000 : 1)) + 0);
}

/** Times; those that read or write a format are elsewhere. */
export const referenceTime: Readonly<Record<string, ReferenceFunction>> = {
  EXTRACT: strict(([unit, ms]) => part(String(unit), Number(ms))),
  YEAR: partOf("YEAR"),
  QUARTER: partOf("QUARTER"),
  MONTH: partOf("MONTH"),
  WEEK: partOf("WEEK"),
  DAYOFYEAR: partOf("DOY"),
  DAYOFMONTH: partOf("DAY"),
  DAYOFWEEK: partOf("DOW"),
  HOUR: partOf("HOUR"),
  MINUTE: partOf("MINUTE"),
  SECOND: partOf("SECOND"),
  TO_TIMESTAMP_LTZ: strict(ofEpoch),
  UNIX_TIMESTAMP: strict(([time]) => {
    const ms = typeof time === "string" ? readTimestamp(time) : Number(time);
    return ms === null ? null : Math.floor(ms / 1000);
  }),
  TIMESTAMPADD: strict(([unit, count, ms]) => add(String(unit), Number(count), Number(ms))),
  TIMESTAMPDIFF: strict(([unit, from, to]) => between(String(unit), Number(from), Number(to))),
};
