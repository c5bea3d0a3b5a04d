import { expect, test } from "vitest";
import type { PlannedOperator } from "../plan/logical-plan.ts";
import type { OperatorHarness } from "../testing/operator-harness.ts";
import { handDriven } from "../testing/plan-step.ts";
import { endOfTime } from "../time/watermark.ts";
import { results, specsOf } from "../transform/testing/event-results.ts";
import { event, recordHarness } from "../transform/testing/record-fixture.ts";
import { firstLookBackLayout } from "./first-look-back-layout.fixture.ts";

const recent: PlannedOperator = { op: "look-back", input: handDriven, keyBy: ["key"], rangeMs: 30, aggregates: specsOf(results) };

/** Records that have left, whose range has a front, that are in range behind it, and that wait. */
function begin(harness: OperatorHarness): void {
  for (let i = 0; i < 40; i++) {
    harness.send([event(i * 2, i, ["a", "b", null][i % 3], { value: i % 7 === 6 ? null : (i * 5) % 11, group: i % 4, ok: i % 5 !== 0 })]);
    if (i % 8 === 7) harness.watermark(i * 2 - 12);
  }
}

function goOn(harness: OperatorHarness): void {
  for (let i = 0; i < 30; i++) {
    harness.send([event(70 + i * 3, 100 + i, ["a", "b", "c"][i % 3], { value: i % 5, group: i % 2, ok: i % 4 !== 0 })]);
    if (i % 6 === 5) harness.watermark(60 + i * 3);
  }
  harness.watermark(endOfTime);
}

test("ranges are read as they were written before there were tables of rows", () => {
  const [straight, restored] = [recordHarness(recent), recordHarness(recent).restoreFrom(Uint8Array.fromBase64(firstLookBackLayout))];
  begin(straight);
  straight.take("out");
  goOn(straight);
  goOn(restored);
  expect(restored.rows()).toEqual(straight.rows());
  expect(straight.rows().length).toBeGreaterThan(30);
});

test("ranges that were read as they once were are written whole, and go on from there", () => {
  const [straight, restored] = [recordHarness(recent), recordHarness(recent).restoreFrom(Uint8Array.fromBase64(firstLookBackLayout))];
  begin(straight);
  straight.take("out");
  restored.restart();
  restored.restart();
  goOn(straight);
  goOn(restored);
  expect(restored.rows()).toEqual(straight.rows());
});

test("ranges cost a snapshot what has changed, however many records are in them", () => {
  const harness = recordHarness({ ...recent, rangeMs: 1000 });
  const fill = (from: number, count: number) => {
    harness.send(Array.from({ length: count }, (_, i) => event(from + i, from + i, `key ${(from + i) % 500}`, { value: i, ok: true })));
    harness.watermark(from + count - 1);
  };
  fill(10, 900);
  const whole = harness.writeChanges();
  const nothing = harness.writeChanges();
  fill(910, 20);
  const little = harness.writeChanges();
  expect(whole).toBeGreaterThan(900 * 80);
  expect(nothing).toBeLessThan(1500);
  expect(little).toBeLessThan(whole / 20);
});
