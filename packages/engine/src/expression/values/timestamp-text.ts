import { dayMs, dayOf, dayOfMonth, isTimestamp, monthOfDay, timeOfDayMs, timestampOf, yearOfDay } from "./calendar.ts";

const form = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,9}))?)?(?: ?(Z|[+-]\d{2}:?\d{2}))?)?$/;

/**
 * Milliseconds of `2026-01-31`, `2026-01-31 12:00:00`, `2026-01-31 12:00:00.123` or the ISO form with `T` and
 * `Z` or an offset; without an offset it is UTC. Digits below a millisecond are cut. Null when it is none.
 */
export function parseTimestampText(text: string): number | null {
  const match = form.exec(text.trim());
  if (match === null) return null;
  const part = (i: number): number => {
    const digits: string | undefined = match[i];
    return digits === undefined ? 0 : Number(digits);
  };
  const fraction: string | undefined = match[7];
  const ms = fraction === undefined ? 0 : Number(fraction.slice(0, 3).padEnd(3, "0"));
  const local = timestampOf(part(1), part(2), part(3), part(4), part(5), part(6), ms);
  const offsetMs = parseOffset(match[8]);
  if (local === null || offsetMs === null) return null;
  return isTimestamp(local - offsetMs) ? local - offsetMs : null;
}

function parseOffset(text: string | undefined): number | null {
  if (text === undefined || text === "Z") return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(-2));
  if (hours > 18 || minutes > 59) return null;
  return (text.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/** `2026-01-31 12:00:00.000`, in UTC, as Flink writes a TIMESTAMP_LTZ(3) in that zone. Null outside the years 1 to 9999. */
export function writeTimestampText(ms: number): string | null {
  if (!isTimestamp(ms)) return null;
  const day = dayOf(ms);
  return `${pad(yearOfDay(day), 4)}-${pad(monthOfDay(day), 2)}-${pad(dayOfMonth(day), 2)} ${writeTimeOfDay(timeOfDayMs(ms))}`;
}

/** `+1 02:03:04.005`: sign, days, time, as Flink writes an INTERVAL DAY TO SECOND. */
export function writeIntervalText(ms: number): string {
  const size = Math.abs(ms);
  const days = Math.floor(size / dayMs);
  return `${ms < 0 ? "-" : "+"}${days} ${writeTimeOfDay(size - days * dayMs)}`;
}

function writeTimeOfDay(ms: number): string {
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor(ms / 60_000) % 60;
  const seconds = Math.floor(ms / 1000) % 60;
  return `${pad(hours, 2)}:${pad(minutes, 2)}:${pad(seconds, 2)}.${pad(ms % 1000, 3)}`;
}

/** Digits with leading zeros. */
export function pad(value: number, width: number): string {
  return String(value).padStart(width, "0");
}
