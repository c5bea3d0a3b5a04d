import { describe, expect, test } from "vitest";
import type { CalendarUnit } from "../plan/window-spec.ts";
import { endOfTime } from "../time/watermark.ts";
import { reading, type WindowCase, windowHarness } from "./testing/window-fixture.ts";

const hourMs = 3_600_000;

function calendar(unit: CalendarUnit, zone: string): WindowCase {
  return {
    window: { kind: "calendar", unit, zone },
    keyBy: [],
    aggregates: [{ fn: "count", argument: null, filter: null }],
    allowedLatenessMs: 0,
    output: "append",
  };
}

const iso = (value: unknown) => new Date(Number(value)).toISOString().slice(0, 16);

function windowsOf(of: WindowCase, ats: readonly number[]): string[] {
  return windowHarness(of)
    .run([{ records: ats.map((at) => reading(at)) }, { restart: true }, { watermark: endOfTime }])
    .fields()
    .map(({ window_start, window_end, count }) => `${iso(window_start)} ${iso(window_end)} ${count}`);
}

describe("calendar windows", () => {
  test("a day on which the clock is set forward has 23 hours, one on which it is set back 25", () => {
    const of = calendar("day", "America/New_York");
    const hours = (from: string, count: number) => Array.from({ length: count }, (_, i) => Date.parse(from) + i * hourMs);
    expect(windowsOf(of, hours("2026-03-08T05:00Z", 24))).toEqual([
      "2026-03-08T05:00 2026-03-09T04:00 23",
      "2026-03-09T04:00 2026-03-10T04:00 1",
    ]);
    expect(windowsOf(of, hours("2026-11-01T04:00Z", 26))).toEqual([
      "2026-11-01T04:00 2026-11-02T05:00 25",
      "2026-11-02T05:00 2026-11-03T05:00 1",
    ]);
  });

  test("a day fires at its last millisecond, and its records are late from then on", () => {
    const endMs = Date.parse("2026-03-29T22:00Z");
    const harness = windowHarness(calendar("day", "Europe/Berlin")).run([{ records: [reading(endMs - 1)] }, { watermark: endMs - 2 }]);
    expect(harness.rows()).toEqual([]);
    harness.run([{ watermark: endMs - 1 }, { restart: true }, { records: [reading(endMs - 5), reading(endMs)] }]);
    expect(harness.fields().map(({ window_start }) => iso(window_start))).toEqual(["2026-03-28T23:00"]);
    expect(harness.fields("late")).toEqual([reading(endMs - 5)]);
  });

  test("weeks begin on Monday, also across a year and before the epoch", () => {
    const ats = ["1969-12-28T12:00Z", "1969-12-29T12:00Z", "2026-12-28T00:00Z", "2027-01-03T23:59Z", "2027-01-04T00:00Z"].map(Date.parse);
    expect(windowsOf(calendar("week", "UTC"), ats)).toEqual([
      "1969-12-22T00:00 1969-12-29T00:00 1",
      "1969-12-29T00:00 1970-01-05T00:00 1",
      "2026-12-28T00:00 2027-01-04T00:00 2",
      "2027-01-04T00:00 2027-01-11T00:00 1",
    ]);
  });

  test("months are as long as they are", () => {
    const ats = ["2028-02-01T00:00Z", "2028-02-29T12:00Z", "2028-02-29T23:00Z", "1969-12-31T22:59Z"].map(Date.parse);
    expect(windowsOf(calendar("month", "Europe/Berlin"), ats)).toEqual([
      "1969-11-30T23:00 1969-12-31T23:00 1",
      "2028-01-31T23:00 2028-02-29T23:00 2",
      "2028-02-29T23:00 2028-03-31T22:00 1",
    ]);
  });

  test("a date that a zone left out has no window", () => {
    const noon = Date.parse("2011-12-29T22:00Z");
    expect(windowsOf(calendar("day", "Pacific/Apia"), [noon, noon + 12 * hourMs])).toEqual([
      "2011-12-29T10:00 2011-12-30T10:00 1",
      "2011-12-30T10:00 2011-12-31T10:00 1",
    ]);
  });
});
