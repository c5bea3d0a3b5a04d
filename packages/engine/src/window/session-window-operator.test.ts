import { describe, expect, test } from "vitest";
import type { HarnessStep } from "../testing/operator-harness.ts";
import { endOfTime } from "../time/watermark.ts";
import { reading, readings, type WindowCase, windowHarness } from "./testing/window-fixture.ts";

const sessions: WindowCase = {
  window: { kind: "session", gapMs: 10, maxDurationMs: null },
  keyBy: ["key"],
  aggregates: [{ fn: "count", argument: null, filter: null }],
  allowedLatenessMs: 0,
  output: "append",
};
const updating: WindowCase = { ...sessions, allowedLatenessMs: 20, output: "update" };

/** `kind key start-end count` of each row. */
function lines(of: WindowCase, steps: readonly HarnessStep[]): string[] {
  return windowHarness(of)
    .run(steps)
    .rows()
    .map(({ fields, kind }) => `${kind} ${fields.key} ${fields.window_start}-${fields.window_end} ${fields.count}`);
}

describe("session windows", () => {
  test("a session fires when the watermark reaches its last record plus the gap, not before", () => {
    const harness = windowHarness(sessions).run([{ records: [reading(0), reading(10)] }, { watermark: 19 }]);
    expect(harness.rows()).toEqual([]);
    harness.watermark(20);
    expect(harness.rows()).toEqual([
      {
        fields: { key: "a", window_start: 0, window_end: 20, last_event_time: 10, duration: 10, count: 2 },
        timeMs: 19,
        kind: "+I",
      },
    ]);
  });

  test("the watermark is held back so that rows are on time for what follows", () => {
    const harness = windowHarness(sessions).run([{ records: [reading(0)] }, { watermark: 9 }]);
    expect(harness.forwardedWatermark).toBeLessThan(9);
    harness.watermark(endOfTime);
    expect(harness.forwardedWatermark).toBe(endOfTime);
    const waiting = windowHarness({ ...sessions, allowedLatenessMs: 5 }).run([{ records: [reading(0)] }, { watermark: 14 }]);
    expect(waiting.forwardedWatermark).toBeLessThan(9);
  });

  test("an on-time record at exactly last + gap finds its session open; one ms more is a new session", () => {
    const steps = (at: number): HarnessStep[] => [
      { records: [reading(0)] },
      { watermark: 9 },
      { records: [reading(at)] },
      { watermark: 99 },
    ];
    expect(lines(sessions, steps(10))).toEqual(["+I a 0-20 2"]);
    expect(lines(sessions, steps(11))).toEqual(["+I a 0-10 1", "+I a 11-21 1"]);
  });

  test("a late record that merges into an open session is accepted; alone it is late", () => {
    const harness = windowHarness(sessions);
    harness.run([{ records: [reading(30, "a")] }, { watermark: 35 }, { records: [reading(20, "a"), reading(20, "b")] }]);
    expect(harness.fields("late")).toEqual([reading(20, "b")]);
    expect(harness.gauges().stateKeys).toBe(1);
    harness.watermark(40);
    expect(harness.fields().map(({ window_start, count }) => [window_start, count])).toEqual([[20, 2]]);
  });

  test("a record that bridges two sessions moves their timers: none of the absorbed one fires", () => {
    const records = [reading(0), reading(20), reading(10)];
    expect(lines(sessions, [{ records }, { watermark: 10 }, { watermark: 29 }])).toEqual([]);
    expect(lines(sessions, [{ records }, { watermark: 10 }, { restart: true }, { watermark: 30 }])).toEqual(["+I a 0-30 3"]);
  });

  test("a late bridge over two fired sessions: rows are deleted and one comes anew; append sends it to the late port", () => {
    const steps = [{ records: [reading(0), reading(15)] }, { watermark: 26 }, { restart: true as const }, { records: [reading(8)] }];
    const rows = ["+I a 0-10 1", "+I a 15-25 1", "-D a 0-10 1", "-D a 15-25 1", "+I a 0-25 3"];
    expect(lines(updating, steps)).toEqual(rows);
    expect(lines({ ...updating, output: "retract" }, steps)).toEqual(rows);
    const append = windowHarness(sessions).run(steps);
    expect(append.rows()).toHaveLength(2);
    expect(append.fields("late")).toEqual([reading(8)]);
  });

  test("a late record inside a fired session replaces its row", () => {
    const steps = [{ records: [reading(0), reading(8)] }, { watermark: 20 }, { records: [reading(4)] }];
    expect(lines(updating, steps)).toEqual(["+I a 0-18 2", "+U a 0-18 3"]);
    expect(lines({ ...updating, output: "retract" }, steps)).toEqual(["+I a 0-18 2", "-U a 0-18 2", "+U a 0-18 3"]);
  });

  test("a fired session that is prolonged beyond the watermark is open again", () => {
    const steps = [{ records: [reading(0)] }, { watermark: 12 }, { records: [reading(9)] }, { watermark: 18 }];
    expect(lines(updating, steps)).toEqual(["+I a 0-10 1", "-D a 0-10 1"]);
    expect(lines(updating, [...steps, { watermark: 19 }])).toEqual(["+I a 0-10 1", "-D a 0-10 1", "+I a 0-19 2"]);
  });

  test("a maximum duration cuts what would go on for ever", () => {
    const of: WindowCase = { ...sessions, window: { kind: "session", gapMs: 10, maxDurationMs: 20 } };
    const records = [0, 5, 10, 15, 19, 20, 25, 40].map((at) => reading(at));
    expect(lines(of, [{ records }, { watermark: endOfTime }])).toEqual(["+I a 0-29 5", "+I a 20-35 2", "+I a 40-50 1"]);
  });

  test("of times that are not whole, a session that is due by a rounding error alone waits for the next watermark", () => {
    const of: WindowCase = { ...sessions, window: { kind: "session", gapMs: 60_000, maxDurationMs: null } };
    const at = [...Array(1000).keys()].map((i) => i / 20).find((time) => time > time + 60_000 - 60_000) ?? Number.NaN;
    const harness = windowHarness(of).run([{ records: [reading(at)] }, { watermark: at + 60_000 }]);
    expect(harness.gauges().stateKeys).toBe(1);
    harness.watermark(at + 60_001);
    expect(harness.fields().map(({ window_start }) => window_start)).toEqual([at]);
  });

  test("memory follows the live sessions of many keys", () => {
    const harness = windowHarness(sessions);
    for (let round = 0; round < 20; round++) {
      const at = round * 1000;
      harness.send(Array.from({ length: 2000 }, (_, i) => reading(at + (i % 10), `${round}-${i}`)));
      expect(harness.gauges().stateKeys).toBe(2000);
      harness.watermark(at + 500);
      expect(harness.take()).toHaveLength(2000);
      expect(harness.gauges()).toMatchObject({ stateKeys: 0 });
    }
    expect(harness.gauges().stateBytes).toBeLessThan(2_000_000);
  });

  test("a changelog as input is refused when the operator is made", () => {
    expect(() => windowHarness(sessions, {}, { ...readings, changelog: "update" })).toThrow("aggregates a changelog (update)");
  });
});
