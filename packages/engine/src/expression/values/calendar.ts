/**
 * The proleptic Gregorian calendar in UTC on whole milliseconds, without Date objects.
 * Days to dates and back after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
 */

export const dayMs = 86_400_000;
/** 0001-01-01 00:00:00.000; earlier times are NULL. */
export const minTimestampMs = -62_135_596_800_000;
/** 9999-12-31 23:59:59.999; later times are NULL. */
export const maxTimestampMs = 253_402_300_799_999;

/** True for the times that a timestamp can hold: whole ms in the years 1 to 9999. */
export function isTimestamp(ms: number): boolean {
  return ms >= minTimestampMs && ms <= maxTimestampMs && Number.isInteger(ms);
}

/** Days since 1970-01-01 of the day that holds `ms`. */
export function dayOf(ms: number): number {
  return Math.floor(ms / dayMs);
}

/** Milliseconds since midnight. */
export function timeOfDayMs(ms: number): number {
  return ms - Math.floor(ms / dayMs) * dayMs;
}

/** Days since 1970-01-01 of a date; `month` from 1. */
export function daysFromDate(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** The year of the day. */
export function yearOfDay(days: number): number {
  const packed = packedDate(days);
  return Math.floor(packed / 512);
}

/** The month of the day, 1 to 12. */
export function monthOfDay(days: number): number {
  return (packedDate(days) >> 5) & 15;
}

/** The day of the month, 1 to 31. */
export function dayOfMonth(days: number): number {
  return packedDate(days) & 31;
}

/** The day of the year, 1 to 366. */
export function dayOfYear(days: number): number {
  return days - daysFromDate(yearOfDay(days), 1, 1) + 1;
}

/** 1 = Sunday to 7 = Saturday, as Flink counts. */
export function dayOfWeek(days: number): number {
  return ((((days + 4) % 7) + 7) % 7) + 1;
}

/** 1 = Monday to 7 = Sunday. */
export function isoDayOfWeek(days: number): number {
  return ((((days + 3) % 7) + 7) % 7) + 1;
}

/** ISO 8601 week of the year: the week that holds the year's first Thursday is the first. */
export function isoWeek(days: number): number {
  const thursday = days - isoDayOfWeek(days) + 4;
  return Math.floor((dayOfYear(thursday) - 1) / 7) + 1;
}

/** Days of a month. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** The time of a date and a time of day, ms; null when there is no such date or time. */
export function timestampOf(year: number, month: number, day: number, hour = 0, minute = 0, second = 0, ms = 0): number | null {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  if (hour > 23 || minute > 59 || second > 59 || ms > 999) return null;
  return daysFromDate(year, month, day) * dayMs + hour * 3_600_000 + minute * 60_000 + second * 1000 + ms;
}

/** year * 512 + month * 32 + day. */
function packedDate(days: number): number {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const ofYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * ofYear + 2) / 153);
  const day = ofYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return year * 512 + month * 32 + day;
}
