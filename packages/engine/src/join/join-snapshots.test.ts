import { describe, expect, test } from "vitest";
import type { OperatorHarness } from "../testing/operator-harness.ts";
import { endOfTime } from "../time/watermark.ts";
import { firstJoinLayouts } from "./first-join-layouts.fixture.ts";
import { byName, byNameAndNumber, type JoinCase, joinHarness, order, payment } from "./testing/join-fixture.ts";

const joins: Readonly<Record<string, JoinCase>> = {
  interval: { op: "interval-join", kind: "full", on: byNameAndNumber, lowerMs: -20, upperMs: 30 },
  regular: { op: "regular-join", kind: "full", on: byName, leftTtlMs: 200, rightTtlMs: 100 },
  temporal: { op: "temporal-join", kind: "left", on: byName },
  window: { op: "window-join", kind: "full", on: byName, window: { kind: "tumbling", sizeMs: 40, offsetMs: 0 } },
  snapshot: { op: "snapshot-join", kind: "left", on: byName, loadUntilMs: 40, idleMs: null, maxBufferedRecords: 10_000 },
};
const names = ["a", "b", null, "é", "\ud800"];

function begin(harness: OperatorHarness): void {
  for (let i = 0; i < 12; i++) {
    harness.send([order(i * 3, i, names[i % 5], i % 3 === 0 ? null : i % 2), order(20 - i, 100 + i, names[(i * 2) % 5], 1)], 0);
    harness.send([payment(i * 4, i, names[(i * 3) % 5], i % 2), payment(15, 50 + i, names[i % 4], 0)], 1);
  }
  harness.inputWatermark(0, 12);
  harness.inputWatermark(1, 14);
}

function goOn(harness: OperatorHarness): void {
  for (let i = 0; i < 6; i++) {
    harness.send([order(25 + i * 9, 200 + i, names[i % 5], 1)], 0);
    harness.send([payment(24 + i * 8, 200 + i, names[i % 5], i % 2)], 1);
    harness.inputWatermark(0, 20 + i * 8);
    harness.inputWatermark(1, 20 + i * 8);
  }
  harness.inputWatermark(0, endOfTime);
  harness.inputWatermark(1, endOfTime);
}

/** Rows of both sides of many keys, at one time. */
function fill(harness: OperatorHarness, from: number, count: number): void {
  const ids = Array.from({ length: count }, (_, i) => from + i);
  harness.send(
    ids.map((id) => order(45, id, `name ${id}`, 1)),
    0,
  );
  harness.send(
    ids.map((id) => payment(45, id, `name ${id}`, 1)),
    1,
  );
}

describe.each(Object.entries(joins))("state of a %s join", (name, of) => {
  test("is read as it was written before there were tables of rows", () => {
    const [straight, restored] = [joinHarness(of), joinHarness(of)];
    begin(straight);
    const said = new Set(straight.ports.flatMap((port) => straight.take(port)).map((row) => JSON.stringify(row)));
    begin(restored);
    for (const port of restored.ports) restored.take(port);
    restored.restoreFrom(Uint8Array.fromBase64(firstJoinLayouts[name]));
    goOn(straight);
    goOn(restored);
    // At that time records with NULL in their key waited like others before they came out alone.
    const news = (port: string) => restored.rows(port).filter((row) => !said.has(JSON.stringify(row)));
    for (const port of straight.ports) expect(news(port)).toEqual(straight.rows(port));
    expect(straight.rows().length).toBeGreaterThan(10);
  });

  test("costs a snapshot what has changed, however much there is", () => {
    const harness = joinHarness(of);
    fill(harness, 0, 5000);
    const whole = harness.writeChanges();
    const nothing = harness.writeChanges();
    fill(harness, 5000, 50);
    const little = harness.writeChanges();
    expect(whole).toBeGreaterThan(5000 * 100);
    expect(nothing).toBeLessThan(1000);
    expect(little).toBeLessThan(whole / 50);
  });
});
