import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isTimeZone, ZoneCalendar } from "./zone-calendar.ts";

const dayOf = (date: string) => Date.parse(`${date}T00:00:00Z`) / 86_400_000;

describe("local days", () => {
  test.each([
    ["America/New_York", "2026-03-08", 1772946000000, 1773028800000, 23],
    ["America/New_York", "2026-11-01", 1793505600000, 1793595600000, 25],
    ["Europe/London", "2026-10-25", 1792882800000, 1792972800000, 25],
    ["Africa/Cairo", "2026-04-24", 1776981600000, 1777064400000, 23],
    ["Asia/Beirut", "2026-03-29", 1774735200000, 1774818000000, 23],
    ["America/Havana", "2026-11-01", 1793505600000, 1793595600000, 25],
    ["Australia/Lord_Howe", "2026-10-04", 1791034200000, 1791118800000, 23.5],
    ["Asia/Kolkata", "2026-06-01", 1780252200000, 1780338600000, 24],
  ])("%s, %s", (zone, date, startMs, endMs, hours) => {
    const calendar = new ZoneCalendar(zone);
    expect(calendar.startOfDay(dayOf(date))).toBe(startMs);
    expect(calendar.startOfDay(dayOf(date) + 1)).toBe(endMs);
    expect((endMs - startMs) / 3_600_000).toBe(hours);
    expect([startMs - 1, startMs, endMs - 1, endMs].map((at) => calendar.dayAt(at) - dayOf(date))).toEqual([-1, 0, 0, 1]);
  });

  test("a date that a zone left out is empty", () => {
    const apia = new ZoneCalendar("Pacific/Apia");
    const skipped = dayOf("2011-12-30");
    expect(apia.startOfDay(skipped)).toBe(apia.startOfDay(skipped + 1));
    const startMs = apia.startOfDay(skipped);
    expect([startMs - 1, startMs].map((at) => apia.dayAt(at) - skipped)).toEqual([-1, 1]);
  });

  test("the hour that is shown again after midnight belongs to the new day", () => {
    const calendar = new ZoneCalendar("America/St_Johns");
    const startMs = calendar.startOfDay(dayOf("2010-11-07"));
    expect(startMs).toBe(Date.parse("2010-11-07T00:00:00-02:30"));
    expect(calendar.dayAt(startMs + 30 * 60_000)).toBe(dayOf("2010-11-07"));
  });

  test("days follow one another without gap, and each instant is in its day", () => {
    const zones = [
      "UTC",
      "Europe/Berlin",
      "America/Sao_Paulo",
      "America/St_Johns",
      "Asia/Tehran",
      "Pacific/Apia",
      "Africa/Cairo",
      "Asia/Kathmandu",
    ];
    const calendars = new Map(zones.map((zone) => [zone, new ZoneCalendar(zone)]));
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: -2_000_000_000_000, max: 2_500_000_000_000 }), (zone, at) => {
        const calendar = calendars.get(zone);
        if (calendar === undefined) return;
        const day = calendar.dayAt(at);
        expect(calendar.startOfDay(day)).toBeLessThanOrEqual(at);
        expect(calendar.startOfDay(day + 1)).toBeGreaterThan(at);
      }),
      { numRuns: 500 },
    );
  });

  test("names that are no zones are told", () => {
    expect(["UTC", "Europe/Berlin", "Nowhere/Land", ""].map(isTimeZone)).toEqual([true, true, false, false]);
  });
});
