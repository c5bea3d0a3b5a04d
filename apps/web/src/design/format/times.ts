const clock: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };

/** The time of day in the viewer's zone: `10:03:12`, with `milliseconds` `10:03:12.045`. A dash for no time. */
export function clockWords(ms: number | null, milliseconds = false): string {
  if (!isTime(ms)) return "–";
  return new Intl.DateTimeFormat(undefined, milliseconds ? { ...clock, fractionalSecondDigits: 3 } : clock).format(ms).replace(",", ".");
}

/** A day and time in the viewer's zone: today only the time, this year `12 Mar 10:03`, else `12 Mar 2025 10:03`. */
export function timeWords(ms: number | null, nowMs: number): string {
  if (!isTime(ms)) return "–";
  const time = new Date(ms);
  const now = new Date(nowMs);
  if (time.toDateString() === now.toDateString()) return clockWords(ms);
  const minute = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(time);
  const month = new Intl.DateTimeFormat("en", { month: "short" }).format(time);
  const year = time.getFullYear() === now.getFullYear() ? "" : ` ${time.getFullYear()}`;
  return `${time.getDate()} ${month}${year} ${minute}`;
}

/** The same in UTC, for the hover: `2026-03-12 10:03:12.045 UTC`. Empty for no time. */
export function utcWords(ms: number | null): string {
  return isTime(ms) ? new Date(ms).toISOString().replace("T", " ").replace("Z", " UTC") : "";
}

function isTime(ms: number | null): ms is number {
  return ms !== null && Number.isFinite(ms) && Math.abs(ms) <= 8.64e15;
}
