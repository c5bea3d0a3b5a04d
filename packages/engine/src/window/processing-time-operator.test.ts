import { describe, expect, test } from "vitest";
import type { EmittedRow } from "../testing/operator-harness.ts";
import { endOfTime } from "../time/watermark.ts";
import { reading, type WindowCase, windowHarness } from "./testing/window-fixture.ts";

const base: WindowCase = {
  window: { kind: "tumbling", sizeMs: 100, offsetMs: 0 },
  keyBy: ["key"],
  aggregates: [{ fn: "count", argument: null, filter: null }],
  allowedLatenessMs: 0,
  output: "append",
  time: "processing",
};
const text = (rows: readonly EmittedRow[]) =>
  rows.map(({ fields, timeMs }) => `${fields.key} ${fields.window_start}-${fields.window_end} ${fields.count} @${timeMs}`);

describe("windows in processing time", () => {
  test("records count when they come, whatever time they carry; the clock closes windows", () => {
    const harness = windowHarness(base);
    harness.run([
      { processingTime: 1010 },
      { records: [reading(900_000), reading(-5)] },
      { processingTime: 1099 },
      { records: [reading(1)] },
    ]);
    expect(harness.take()).toEqual([]);
    harness.processingTime(1100);
    expect(text(harness.take())).toEqual(["a 1000-1100 3 @1099"]);
    expect(harness.rows("late")).toEqual([]);
  });

  test("what became due while nothing ran comes with the first look at the clock after a restore", () => {
    const harness = windowHarness(base);
    harness.run([{ processingTime: 1010 }, { records: [reading(1)] }, { restart: true }, { processingTime: 9999 }]);
    expect(text(harness.take())).toEqual(["a 1000-1100 1 @1099"]);
  });

  test("a clock that goes back stands still", () => {
    const harness = windowHarness(base);
    harness.run([{ processingTime: 1010 }, { processingTime: 500 }, { records: [reading(1)] }, { processingTime: 1100 }]);
    expect(text(harness.take())).toEqual(["a 1000-1100 1 @1099"]);
  });

  test.each<[WindowCase["window"], string[]]>([
    [{ kind: "hopping", sizeMs: 100, slideMs: 50, offsetMs: 0 }, ["a 950-1050 1 @1049", "a 1000-1100 2 @1099", "a 1050-1150 1 @1149"]],
    [{ kind: "cumulate", maxSizeMs: 100, stepMs: 50, offsetMs: 0 }, ["a 1000-1050 1 @1049", "a 1000-1100 2 @1099"]],
    [{ kind: "session", gapMs: 60, maxDurationMs: null }, ["a 1010-1130 2 @1129"]],
  ])("%o", (window, expected) => {
    const harness = windowHarness({ ...base, window });
    harness.run([{ processingTime: 1010 }, { records: [reading(1)] }, { restart: true }, { processingTime: 1070 }]);
    harness.run([{ records: [reading(2)] }, { processingTime: 1075 }, { restart: true }, { processingTime: 2000 }]);
    expect(text(harness.take())).toEqual(expected);
    expect(harness.gauges().stateKeys).toBe(0);
  });

  test("the end of the input closes everything; until then no watermark overtakes what may still come", () => {
    const harness = windowHarness(base);
    harness.run([{ processingTime: 1010 }, { records: [reading(1)] }, { watermark: 700 }]);
    expect(harness.forwardedWatermark).toBe(700);
    harness.watermark(5000);
    expect(harness.forwardedWatermark).toBe(1009);
    harness.watermark(endOfTime);
    expect(harness.forwardedWatermark).toBe(endOfTime);
    expect(text(harness.take())).toEqual(["a 1000-1100 1 @1099"]);
  });

  test("early results by the clock, within windows by the clock", () => {
    const harness = windowHarness({ ...base, output: "update", early: { kind: "processing-time", everyMs: 20 } });
    harness.run([{ processingTime: 1010 }, { records: [reading(1)] }, { processingTime: 1019 }]);
    expect(harness.take()).toEqual([]);
    harness.run([{ restart: true }, { processingTime: 1025 }, { processingTime: 1200 }]);
    expect(text(harness.take())).toEqual(["a 1000-1100 1 @1099"]);
  });
});
