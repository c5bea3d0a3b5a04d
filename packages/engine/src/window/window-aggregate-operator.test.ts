import { describe, expect, test } from "vitest";
import type { HarnessStep } from "../testing/operator-harness.ts";
import { endOfTime, noWatermark } from "../time/watermark.ts";
import { type AggregateCase, reading, readings, type WindowCase, windowHarness } from "./testing/window-fixture.ts";

const count: AggregateCase = { fn: "count", argument: null, filter: null };
const sum: AggregateCase = { fn: "sum", argument: "value", filter: null };
const max: AggregateCase = { fn: "max", argument: "value", filter: null };

const tumbling: WindowCase = {
  window: { kind: "tumbling", sizeMs: 10, offsetMs: 0 },
  keyBy: ["key"],
  aggregates: [count, sum],
  allowedLatenessMs: 0,
  output: "append",
};
const hopping: WindowCase = { ...tumbling, window: { kind: "hopping", sizeMs: 10, slideMs: 4, offsetMs: 0 } };

/** `key start-end count sum…` of each row, with its kind. */
function lines(of: WindowCase, steps: readonly HarnessStep[]): string[] {
  return windowHarness(of)
    .run(steps)
    .rows()
    .map(({ fields, kind }) => {
      const { key, window_start, window_end, ...results } = fields;
      return `${kind} ${key} ${window_start}-${window_end} ${Object.values(results).join(" ")}`;
    });
}

describe("tumbling windows", () => {
  test("a window fires when the watermark reaches its last millisecond, not before", () => {
    const harness = windowHarness(tumbling);
    harness.send([reading(0, "a", 1), reading(9, "a", 2), reading(10, "a", 4)]);
    harness.watermark(8);
    expect(harness.rows()).toEqual([]);
    harness.watermark(9);
    expect(harness.rows()).toEqual([
      { fields: { key: "a", window_start: 0, window_end: 10, count: 2, sum_value: 3 }, timeMs: 9, kind: "+I" },
    ]);
    expect(harness.forwardedWatermark).toBe(9);
    harness.watermark(endOfTime);
    expect(harness.fields().slice(1)).toEqual([{ key: "a", window_start: 10, window_end: 20, count: 1, sum_value: 4 }]);
  });

  test("times before the epoch and offsets count from the offset", () => {
    const of = { ...tumbling, window: { kind: "tumbling" as const, sizeMs: 10, offsetMs: 3 } };
    expect(lines(of, [{ records: [reading(-8), reading(-7), reading(2), reading(3)] }, { watermark: endOfTime }])).toEqual([
      "+I a -17--7 1 1",
      "+I a -7-3 2 2",
      "+I a 3-13 1 1",
    ]);
  });

  test("rows of a window come in the order of its keys' first records; NULL and 'null' are different keys", () => {
    const records = [reading(1, "b"), reading(2, null), reading(3, "null"), reading(4, "a"), reading(5, "b")];
    const harness = windowHarness({ ...tumbling, aggregates: [count] });
    harness.run([{ records }, { watermark: 100 }]);
    expect(harness.fields().map(({ key, count }) => [key, count])).toEqual([
      ["b", 2],
      [null, 1],
      ["null", 1],
      ["a", 1],
    ]);
  });

  test("without key fields there is one group", () => {
    const of = { ...tumbling, keyBy: [] };
    expect(lines(of, [{ records: [reading(1, "a"), reading(2, "b")] }, { restart: true }, { watermark: 9 }])).toEqual([
      "+I undefined 0-10 2 2",
    ]);
  });

  test("records of a closed window are late, and go to their port as they came", () => {
    const harness = windowHarness(tumbling);
    harness.run([{ records: [reading(5)] }, { watermark: 9 }, { records: [reading(9, "b", 7), reading(10)] }]);
    expect(harness.fields("late")).toEqual([reading(9, "b", 7)]);
    expect(harness.gauges()).toMatchObject({ lateRecords: 0, stateKeys: 1, counters: { partially_late: 0, outside_window: 0 } });
  });

  test("with lateness, append waits for the close and counts what is late by less", () => {
    const of = { ...tumbling, allowedLatenessMs: 5 };
    const steps = [{ records: [reading(5)] }, { watermark: 9 }, { records: [reading(6)] }, { watermark: 13 }, { records: [reading(7)] }];
    expect(lines(of, steps)).toEqual([]);
    expect(windowHarness(of).run(steps).forwardedWatermark).toBe(8);
    expect(lines(of, [...steps, { watermark: 14 }, { records: [reading(8)] }])).toEqual(["+I a 0-10 3 3"]);
  });

  test("records without a time are counted, not lost in silence", () => {
    const harness = windowHarness(tumbling);
    harness.run([{ records: [reading(Number.NaN), reading(1)] }, { restart: true }, { watermark: endOfTime }]);
    expect(harness.fields()).toHaveLength(1);
    expect(harness.gauges().counters).toEqual({ partially_late: 0, outside_window: 0, without_time: 1 });
  });

  test("no watermark fires nothing, and an older watermark changes nothing", () => {
    const harness = windowHarness(tumbling);
    harness.run([{ records: [reading(5)] }, { watermark: noWatermark }, { watermark: 9 }, { watermark: 3 }, { records: [reading(5)] }]);
    expect(harness.rows()).toHaveLength(1);
    expect(harness.rows("late")).toHaveLength(1);
  });

  test("a restored operator still knows which records are late", () => {
    const harness = windowHarness(tumbling);
    harness.run([{ watermark: 9 }, { restart: true }, { records: [reading(5), reading(15)] }]);
    expect(harness.fields("late")).toEqual([reading(5)]);
  });

  test("a window that has fired does not fire again when a restart allows more lateness", () => {
    const steps: readonly HarnessStep[] = [
      { records: [reading(5)] },
      { watermark: 9 },
      { restart: true },
      { records: [reading(6), reading(12)] },
    ];
    const harness = windowHarness(tumbling, {}, readings, { ...tumbling, allowedLatenessMs: 20 });
    harness.run([...steps, { watermark: 10 }, { records: [reading(7)] }, { watermark: endOfTime }]);
    expect(harness.fields().map(({ window_start, count }) => [window_start, count])).toEqual([
      [0, 1],
      [10, 1],
    ]);
    expect(harness.fields("late")).toEqual([reading(6), reading(7)]);
  });

  test("output comes in batches of at most 1024 rows", () => {
    const harness = windowHarness(tumbling);
    harness.run([{ records: Array.from({ length: 2500 }, (_, i) => reading(i % 30, `k${i}`)) }, { watermark: endOfTime }]);
    expect(harness.batchSizes).toEqual([1024, 1024, 452]);
    expect(new Set(harness.fields().map(({ key }) => key)).size).toBe(2500);
  });

  test("memory follows the live windows: no key outlives its last window", () => {
    const harness = windowHarness(tumbling, { batchRows: 64 });
    let largest = 0;
    for (let start = 0; start < 20_000; start += 10) {
      harness.send(Array.from({ length: 50 }, (_, i) => reading(start + (i % 10), `${start}-${i}`)));
      largest = Math.max(largest, harness.gauges().stateBytes);
      harness.watermark(start + 9);
      harness.take();
      expect(harness.gauges().stateKeys).toBe(0);
    }
    expect(largest).toBeLessThan(20_000);
  });
});

describe("hopping windows", () => {
  test("a record counts in every window that holds it; empty windows are not emitted", () => {
    const steps = [{ records: [reading(5, "a", 1), reading(9, "b", 2), reading(40, "a", 4)] }, { watermark: endOfTime }];
    expect(lines(hopping, steps)).toEqual([
      "+I a -4-6 1 1",
      "+I a 0-10 1 1",
      "+I b 0-10 1 2",
      "+I a 4-14 1 1",
      "+I b 4-14 1 2",
      "+I b 8-18 1 2",
      "+I a 32-42 1 4",
      "+I a 36-46 1 4",
      "+I a 40-50 1 4",
    ]);
  });

  test("a record that some of its windows missed is added to the others and counted", () => {
    const harness = windowHarness(hopping);
    harness.run([
      { records: [reading(5, "a", 1)] },
      { watermark: 9 },
      { records: [reading(8, "a", 2)] },
      { restart: true },
      { watermark: 13 },
    ]);
    expect(harness.fields().map(({ window_start, sum_value }) => [window_start, sum_value])).toEqual([
      [-4, 1],
      [0, 1],
      [4, 3],
    ]);
    expect(harness.gauges().counters.partially_late).toBe(1);
    expect(harness.rows("late")).toEqual([]);
  });

  test("records between windows are neither late nor lost in silence", () => {
    const of: WindowCase = { ...hopping, window: { kind: "hopping", sizeMs: 4, slideMs: 10, offsetMs: 0 } };
    const harness = windowHarness(of);
    harness.run([{ records: [reading(3), reading(4), reading(9), reading(10)] }, { watermark: endOfTime }, { records: [reading(5)] }]);
    expect(harness.fields().map(({ window_start, window_end }) => [window_start, window_end])).toEqual([
      [0, 4],
      [10, 14],
    ]);
    expect(harness.gauges().counters.outside_window).toBe(3);
    expect(harness.rows("late")).toEqual([]);
  });

  test("a glitch leaves no trace in later windows", () => {
    const of: WindowCase = { ...hopping, window: { kind: "hopping", sizeMs: 20, slideMs: 1, offsetMs: 0 } };
    const values = Array.from({ length: 100 }, (_, i) => reading(i, "a", i === 30 ? 1e300 : i === 31 ? Number.POSITIVE_INFINITY : 0.1));
    const harness = windowHarness(of);
    for (const value of values) harness.run([{ records: [value] }, { watermark: value.at }]);
    expect(harness.fields().at(40)?.sum_value).toBe(Number.POSITIVE_INFINITY);
    expect(harness.fields().at(-1)?.sum_value).toBe(2);
  });
});

describe("output modes", () => {
  const late = { ...tumbling, aggregates: [count, max], allowedLatenessMs: 5 };
  const steps: readonly HarnessStep[] = [
    { records: [reading(5, "a", 3)] },
    { watermark: 9 },
    { restart: true },
    { records: [reading(6, "a", 2), reading(7, "b", 9)] },
    { restart: true },
    { records: [reading(8, "a", 5)] },
    { watermark: 14 },
    { records: [reading(9, "a", 9)] },
  ];

  test("update: fires at the end, and again at once for each late record", () => {
    expect(lines({ ...late, output: "update" }, steps)).toEqual(["+I a 0-10 1 3", "+U a 0-10 2 3", "+I b 0-10 1 9", "+U a 0-10 3 5"]);
  });

  test("retract: takes back what it said", () => {
    expect(lines({ ...late, output: "retract" }, steps)).toEqual([
      "+I a 0-10 1 3",
      "-U a 0-10 1 3",
      "+U a 0-10 2 3",
      "+I b 0-10 1 9",
      "-U a 0-10 2 3",
      "+U a 0-10 3 5",
    ]);
  });

  test("retract says nothing when nothing changes", () => {
    expect(lines({ ...late, aggregates: [max], output: "retract" }, steps)).toEqual([
      "+I a 0-10 3",
      "+I b 0-10 9",
      "-U a 0-10 3",
      "+U a 0-10 5",
    ]);
  });

  test("hopping: a late record fires again every window that has fired and is open", () => {
    const of: WindowCase = { ...hopping, allowedLatenessMs: 8, output: "update", aggregates: [count] };
    expect(lines(of, [{ records: [reading(9)] }, { watermark: 17 }, { records: [reading(9)] }, { watermark: 21 }])).toEqual([
      "+I a 0-10 1",
      "+I a 4-14 1",
      "+I a 8-18 1",
      "+U a 4-14 2",
      "+U a 8-18 2",
    ]);
  });

  test("a changelog as input is refused when the operator is made", () => {
    expect(() => windowHarness(tumbling, {}, { ...readings, changelog: "update" })).toThrow("aggregates a changelog (update)");
  });
});
