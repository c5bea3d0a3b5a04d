import type { CalendarUnit, CalendarWindow } from "../plan/window-spec.ts";
import { ZoneCalendar } from "../time/zone-calendar.ts";
import type { SliceLayout } from "./slice-layout.ts";

/** 1970-01-05, a Monday, in days since the epoch. */
const firstMonday = 4;
const approximateMs: Readonly<Record<CalendarUnit, number>> = { day: 86_400_000, week: 7 * 86_400_000, month: 30 * 86_400_000 };

/**
 * Calendar windows of a time zone: each is one slice, from the first instant of its first local date to that of the next
 * one's. Days are numbered from 1970-01-01, weeks from the one that begins on 1970-01-05, months from January 1970.
 */
export class CalendarLayout implements SliceLayout {
  readonly single = true;
  readonly #unit: CalendarUnit;
  readonly #calendar: ZoneCalendar;
  /** The unit looked up last. */
  #index = Number.NaN;
  #startMs = Number.NaN;
  #endMs = Number.NaN;

  constructor(window: CalendarWindow) {
    this.#unit = window.unit;
    this.#calendar = new ZoneCalendar(window.zone);
  }

  sliceAt(timeMs: number): number {
    if (timeMs >= this.#startMs && timeMs < this.#endMs) return this.#index;
    if (!Number.isFinite(timeMs)) return timeMs;
    const index = unitOfDay(this.#calendar.dayAt(timeMs), this.#unit);
    this.#startMs = this.sliceStartMs(index);
    this.#endMs = this.sliceStartMs(index + 1);
    this.#index = index;
    return index;
  }

  sliceStartMs(slice: number): number {
    if (!Number.isFinite(slice)) return slice;
    if (slice === this.#index && this.#startMs < this.#endMs) return this.#startMs;
    return this.#calendar.startOfDay(firstDay(slice, this.#unit));
  }

  sliceEndMs(slice: number): number {
    return slice === this.#index ? this.#endMs : this.sliceStartMs(slice + 1);
  }

  firstWindow(slice: number): number {
    return slice;
  }

  lastWindow(slice: number): number {
    return slice;
  }

  firstSlice(window: number): number {
    return window;
  }

  endSlice(window: number): number {
    return window + 1;
  }

  windowStartMs(window: number): number {
    return this.sliceStartMs(window);
  }

  windowEndMs(window: number): number {
    return this.sliceEndMs(window);
  }

  windowsThrough(watermark: number, delayMs: number): number {
    const endMs = watermark - delayMs + 1;
    // Zones shift time by less than a day, and a watermark beyond all dates is as good as the end of time.
    if (Math.abs(endMs) > 8_640_000_000_000_000 - 40 * approximateMs.day)
      return endMs > 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
    return this.sliceAt(endMs) - 1;
  }
}

function unitOfDay(day: number, unit: CalendarUnit): number {
  switch (unit) {
    case "day":
      return day;
    case "week":
      return Math.floor((day - firstMonday) / 7);
    case "month": {
      const date = new Date(day * 86_400_000);
      return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
    }
  }
}

/** The first day of a unit, in days since the epoch. */
function firstDay(index: number, unit: CalendarUnit): number {
  switch (unit) {
    case "day":
      return index;
    case "week":
      return index * 7 + firstMonday;
    case "month":
      return new Date(0).setUTCFullYear(1970, index, 1) / 86_400_000;
  }
}
