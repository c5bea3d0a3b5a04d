const dayMs = 86_400_000;
/** No zone is further from UTC than this. */
const furthestMs = 16 * 3_600_000;

/** True for an IANA time zone name that this platform knows. */
export function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/**
 * Days of a time zone. A day reaches from the first instant of its local date to the first instant of the next: it need
 * not begin at midnight, nor be 24 hours long, and a date that a zone left out is empty. It goes by the time zone data of
 * the platform.
 */
export class ZoneCalendar {
  readonly #format: Intl.DateTimeFormat;
  readonly #starts = new Map<number, number>();

  /** Throws a RangeError for a zone that is not known; see `isTimeZone`. */
  constructor(zone: string) {
    this.#format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      calendar: "gregory",
      numberingSystem: "latn",
      hourCycle: "h23",
      era: "short",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  }

  /** The day that holds an instant, in days since 1970-01-01. */
  dayAt(timeMs: number): number {
    const day = Math.floor((timeMs + this.#offsetAt(timeMs)) / dayMs);
    // A clock that is set back over midnight shows the day before for a second time, within the new day.
    return this.startOfDay(day + 1) <= timeMs ? day + 1 : day;
  }

  /** The first instant of a local date, given in days since 1970-01-01; of a date that does not exist, the first instant after it. */
  startOfDay(day: number): number {
    const known = this.#starts.get(day);
    if (known !== undefined) return known;
    const startMs = this.#findStart(day * dayMs);
    if (this.#starts.size > 1000) this.#starts.clear();
    this.#starts.set(day, startMs);
    return startMs;
  }

  /** The first instant at which clocks show `localMs` or later. */
  #findStart(localMs: number): number {
    let before = localMs - furthestMs;
    let after = localMs + furthestMs;
    const offsetBefore = this.#offsetAt(before);
    const offsetAfter = this.#offsetAt(after);
    if (offsetBefore === offsetAfter) return localMs - offsetBefore;
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (this.#offsetAt(middle) === offsetBefore) before = middle;
      else after = middle;
    }
    const reached = localMs - offsetBefore;
    return reached < after ? reached : Math.max(after, localMs - offsetAfter);
  }

  /** Local time minus UTC at an instant, ms. */
  #offsetAt(timeMs: number): number {
    const wholeMs = Math.floor(timeMs / 1000) * 1000;
    const parts: Record<string, string> = {};
    for (const { type, value } of this.#format.formatToParts(wholeMs)) parts[type] = value;
    const year = parts.era === "BC" ? 1 - Number(parts.year) : Number(parts.year);
    const local = new Date(0);
    local.setUTCFullYear(year, Number(parts.month) - 1, Number(parts.day));
    local.setUTCHours(Number(parts.hour), Number(parts.minute), Number(parts.second));
    return local.getTime() - wholeMs;
  }
}
