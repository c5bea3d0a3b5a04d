import { expect, test } from "vitest";
import type { OperatorHarness } from "../testing/operator-harness.ts";
import { endOfTime } from "../time/watermark.ts";
import { endsOf, event, type PatternCase, patternHarness } from "./testing/pattern-fixture.ts";

const pair: PatternCase = { stages: [{ name: "a" }, { name: "b" }], measures: endsOf("a", "b"), withinMs: 1000 };

function send(harness: OperatorHarness, at: number, kind: string, from: number, count: number): void {
  harness.send(Array.from({ length: count }, (_, i) => event(at, kind, from + i, `key ${from + i}`)));
}

test("partial matches cost a snapshot what has changed, however many there are", () => {
  const harness = patternHarness(pair);
  send(harness, 1, "a", 0, 5000);
  harness.watermark(1);
  const whole = harness.writeChanges();
  const nothing = harness.writeChanges();
  send(harness, 2, "a", 5000, 50);
  harness.watermark(2);
  const little = harness.writeChanges();
  expect(harness.gauges().counters.runs).toBe(5050);
  expect(whole).toBeGreaterThan(5000 * 50);
  expect(nothing).toBeLessThan(1000);
  expect(little).toBeLessThan(whole / 50);
});

test("events that wait cost a snapshot the blocks that have changed", () => {
  const harness = patternHarness(pair);
  harness.watermark(0);
  for (let i = 0; i < 20; i++) send(harness, 100 + i, "x", i * 1024, 1024);
  const whole = harness.writeChanges();
  expect(harness.writeChanges()).toBeLessThan(1000);
  send(harness, 200, "x", 0, 500);
  expect(harness.writeChanges()).toBeLessThan(whole / 15);
});

test("events of one time keep the order in which they came, over blocks, restarts and watermarks", () => {
  const watermarks = [5, 7, 9, endOfTime];
  const events = Array.from({ length: 60 }, (_, i) => event(3 + ((i * 7) % 8), ["a", "b", "x"][(i * 5) % 3], i, `key ${i % 2}`));
  const of: PatternCase = { ...pair, stages: [{ name: "a" }, { name: "x", where: "n > a.n" }], measures: endsOf("a", "x") };
  const straight = patternHarness(of);
  straight.send(events);
  straight.watermark(endOfTime);
  for (const size of [1, 3, 7]) {
    const harness = patternHarness(of);
    for (let from = 0; from < events.length; from += size) {
      harness.send(events.slice(from, from + size));
      if (from % 2 === 0) harness.restart();
    }
    for (const watermark of watermarks) {
      harness.watermark(watermark);
      harness.restart();
    }
    expect(harness.rows()).toEqual(straight.rows());
  }
  expect(straight.rows().length).toBeGreaterThan(10);
});

test("a key that a forbidden event has ended stays so over restarts, and others begin as before", () => {
  const of: PatternCase = {
    stages: [{ name: "a", times: { optional: true } }, { name: "b", contiguity: "notFollowedBy" }, { name: "c" }],
    measures: endsOf("a", "c"),
  };
  const events = [
    event(1, "b", 1, "ended"),
    event(2, "a", 2, "other"),
    event(3, "a", 3, "ended"),
    event(4, "c", 4, "ended"),
    event(5, "c", 5, "other"),
    event(6, "a", 6, "third"),
    event(7, "c", 7, "third"),
  ];
  const rowsOf = (restarts: boolean): readonly unknown[] => {
    const harness = patternHarness(of);
    for (const one of events) {
      harness.send([one]);
      harness.watermark(Number(one.at));
      if (restarts) harness.restart();
    }
    harness.watermark(endOfTime);
    return harness.rows();
  };
  const rows = rowsOf(false);
  expect(rowsOf(true)).toEqual(rows);
  expect(JSON.stringify(rows)).not.toContain("ended");
  expect(JSON.stringify(rows)).toContain("other");
  expect(JSON.stringify(rows)).toContain("third");
});
