import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EmittedRow } from "../testing/operator-harness.ts";
import { stepsArbitrary, windowArbitrary } from "./testing/window-arbitraries.ts";
import { allAggregates, type WindowCase, type WindowStep, windowHarness } from "./testing/window-fixture.ts";
import { WindowOracle } from "./testing/window-oracle.ts";

const caseArbitrary: fc.Arbitrary<WindowCase> = fc.record({
  window: windowArbitrary,
  keyBy: fc.constantFrom<WindowCase["keyBy"][]>([], ["key"], ["key", "group"], ["group"], ["key", "group", "ok"]),
  aggregates: fc.shuffledSubarray([...allAggregates], { minLength: 1, maxLength: allAggregates.length }),
  allowedLatenessMs: fc.constantFrom(0, 0, 1, 7, 30),
  output: fc.constantFrom("append", "update", "retract"),
});

const sortedText = (rows: readonly EmittedRow[]) => rows.map((row) => JSON.stringify([row.fields.window_end, row])).sort();

/** Runs the oracle and the operator side by side; rows are compared after every step. */
function compareWithOracle(of: WindowCase, steps: readonly WindowStep[]): void {
  const oracle = new WindowOracle(of);
  const harness = windowHarness(of);
  for (const step of steps) {
    harness.run([step]);
    const expected =
      "records" in step ? oracle.records(step.records) : "watermark" in step ? oracle.watermark(step.watermark) : { rows: [], late: [] };
    const rows = harness.take();
    expect(sortedText(rows)).toEqual(sortedText(expected.rows));
    expect(harness.take("late").map((row) => row.fields)).toEqual(expected.late);
    if ("watermark" in step) expect(rows.map((row) => row.timeMs)).toEqual(expected.rows.map((row) => row.timeMs));
  }
  expect(harness.gauges()).toMatchObject({
    stateKeys: 0,
    counters: { partially_late: oracle.partiallyLate, outside_window: oracle.outsideWindow, without_time: 0 },
  });
}

/** Busy machines take their time; nothing here waits. */
const patienceMs = 60_000;

describe("window aggregation", () => {
  test(
    "agrees with an oracle that recomputes every window from all its records",
    () => {
      fc.assert(fc.property(caseArbitrary, stepsArbitrary, compareWithOracle), { numRuns: 250 });
    },
    patienceMs,
  );

  test(
    "agrees with the oracle when it is restored after every step",
    () => {
      const restarting = stepsArbitrary.map((steps) => steps.flatMap((step): WindowStep[] => [step, { restart: true }]));
      fc.assert(fc.property(caseArbitrary, restarting, compareWithOracle), { numRuns: 100 });
    },
    patienceMs,
  );

  test(
    "gives the same rows in the same order however records are batched and wherever it is restored",
    () => {
      const restarts = fc.array(fc.boolean(), { minLength: 41, maxLength: 41 });
      fc.assert(
        fc.property(caseArbitrary, stepsArbitrary, restarts, (of, steps, restartAfter) => {
          const straight = windowHarness(of).run(steps);
          const restored = steps.flatMap((step, i): WindowStep[] => (restartAfter[i] ? [step, { restart: true }] : [step]));
          for (const batchRows of [1, 7, 64, 1024]) {
            const other = windowHarness(of, { batchRows }).run(restored);
            expect(other.rows()).toEqual(straight.rows());
            expect(other.rows("late")).toEqual(straight.rows("late"));
            expect(other.gauges().counters).toEqual(straight.gauges().counters);
          }
        }),
        { numRuns: 100 },
      );
    },
    patienceMs,
  );
});
