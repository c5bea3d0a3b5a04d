import { expect, it } from "vitest";
import { outcomeOf } from "./outcome-of.ts";

/** Vectors of our own in the forms of those of Flink, for what the collected ones leave out. */
const summed = { keyBy: ["key"], aggregates: [{ fn: "sum", field: "value", as: "sum" }] };
const record = (value: number | string | null, ts: number) => ({ record: { key: "a", value }, ts });
const row = (sum: number | string | null, ts: number) => ({ op: "+I", row: { key: "a", sum }, ts });

it("a window says no more than it must: members that may be absent, the end of input, values that are all NULL", async () => {
  const steps = [{ actions: [record(null, 3), { watermark: "MAX" }], expected: [row(null, 9)] }];
  expect(await outcomeOf({ ...summed, window: { kind: "tumbling", sizeMs: 10 }, steps })).toBe("passed");
  expect(await outcomeOf({ ...summed, window: { kind: "tumbling", sizeMs: 10 }, steps: [{ actions: [], expected: [] }] })).toBe("passed");
});

it("a record between hopping windows is not late, and a session by the clock fires at its end", async () => {
  const hopping = { kind: "hopping", sizeMs: 5, slideMs: 10, time: "event" };
  const steps = [{ actions: [{ watermark: 30 }, record(1, 17), record(2, 12)], expected: [] }];
  const expectedLate = [record(1, 17), record(2, 12)];
  expect(await outcomeOf({ ...summed, window: hopping, steps, expectedLate })).toBe("different");
  const session = { kind: "session", gapMs: 6, time: "processing" };
  const clock = [{ actions: [{ processingTime: 8 }, record(1, 8), { processingTime: 14 }], expected: [row(1, 13)] }];
  expect(await outcomeOf({ ...summed, window: session, steps: clock })).toBe("different");
});

it("decimals are exact to their places, and compared as numbers", async () => {
  const sql = (fn: string, values: readonly string[], sum: string) => ({
    ...summed,
    aggregates: [{ fn, field: "value", as: "sum" }],
    window: { kind: "tumbling", sizeMs: 10 },
    watermark: null,
    steps: [{ actions: [...values.map((value, i) => record(value, i)), { watermark: "MAX" }], expected: [{ op: "+I", row: { sum } }] }],
  });
  expect(await outcomeOf(sql("sum", ["7.98", "-5.62", "0.88"], "3.24"))).toBe("passed");
  expect(await outcomeOf(sql("max", ["9.99", "10.01"], "10.01"))).toBe("passed");
  expect(await outcomeOf(sql("sum", ["0.1", "0.2"], "0.31"))).toContain("0.3");
});

it("a window join joins what ends together", async () => {
  const side = (...times: readonly number[]) => times.map((ts) => ({ record: { string: "x", name: "a" }, ts }));
  const join = { type: "windowJoin", mode: "inner", nullKeysMatch: false };
  const joined = (windowStart: number, windowEnd: number) => ({ name: "a", windowStart, windowEnd, uv1: 1, uv2: 1 });
  const hopping = { ...join, window: { kind: "hopping", sizeMs: 10, slideMs: 5, offsetMs: 2 } };
  const both = { watermark: null, left: side(3), right: side(8) };
  expect(await outcomeOf({ join: hopping, ...both, expected: [joined(2, 12)] })).toBe("passed");
  const cumulative = { ...join, window: { kind: "cumulative", maxSizeMs: 15, stepMs: 5 } };
  expect(await outcomeOf({ join: cumulative, ...both, expected: [joined(0, 10), joined(0, 15)] })).toBe("passed");
});

it("an interval join takes no record at the watermark, and says that this is meant", async () => {
  const join = { type: "interval", mode: "inner", lowerMs: 0, lowerInclusive: true, upperMs: 0, upperInclusive: true };
  const sides = ["left", "right"] as const;
  const script = [...sides.map((side) => ({ side, watermark: 5 })), ...sides.map((side) => ({ side, ts: 5 }))];
  expect(await outcomeOf({ join, script, expected: [{ leftTs: 5, rightTs: 5 }] })).toBe("different");
  expect(await outcomeOf({ join, script, expected: [] })).toBe("passed");
});

it("a temporal join has an order within a key and a watermark, and none between keys", async () => {
  const given = (side: string, key: string, ts: number) => ({ side, op: "+I", row: { key, value: `${side}${ts}` }, ts });
  const watermarks = ["left", "right"].map((side) => ({ side, watermark: 10 }));
  const joined = (key: string, ts: number) => ({ whenWatermark: 10, op: "+I", left: { ts, key, value: `left${ts}` }, right: null });
  const script = [given("left", "b", 3), given("left", "a", 4), given("left", "b", 5), ...watermarks];
  const vector = { join: { type: "temporalRowtime", mode: "left" }, script };
  expect(await outcomeOf({ ...vector, expected: [joined("a", 4), joined("b", 3), joined("b", 5)] })).toBe("passed");
  expect(await outcomeOf({ ...vector, expected: [joined("a", 4), joined("b", 5), joined("b", 3)] })).toContain("rows");
});
