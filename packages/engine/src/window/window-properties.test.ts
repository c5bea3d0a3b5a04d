import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EmittedRow } from "../testing/operator-harness.ts";
import { endOfTime } from "../time/watermark.ts";
import { allAggregates, type Reading, type WindowCase, type WindowStep, windowHarness } from "./testing/window-fixture.ts";
import { WindowOracle } from "./testing/window-oracle.ts";

const readingArbitrary: fc.Arbitrary<Reading & Record<string, unknown>> = fc.record({
  at: fc.integer({ min: -120, max: 120 }),
  key: fc.constantFrom("a", "b", "c", "null", null),
  group: fc.constantFrom(1, 2, 0, null),
  value: fc.oneof(
    fc.integer({ min: -100_000, max: 100_000 }).map((cents) => cents / 100),
    fc.constant(null),
  ),
  whole: fc.oneof(
    fc.integer({ min: -5, max: 5 }).map((n) => n + 0),
    fc.constantFrom(2 ** 53 - 1, null),
  ),
  text: fc.constantFrom("x", "y", "", "é", "😀", "\uffff", null),
  ok: fc.constantFrom(true, false, null),
});

const windowArbitrary = fc.oneof(
  fc.record({
    kind: fc.constant("tumbling" as const),
    sizeMs: fc.integer({ min: 1, max: 60 }),
    offsetMs: fc.integer({ min: -70, max: 70 }),
  }),
  fc.record({
    kind: fc.constant("hopping" as const),
    sizeMs: fc.integer({ min: 1, max: 60 }),
    slideMs: fc.integer({ min: 1, max: 30 }),
    offsetMs: fc.integer({ min: -70, max: 70 }),
  }),
  fc
    .record({ stepMs: fc.integer({ min: 1, max: 20 }), steps: fc.integer({ min: 1, max: 8 }), offsetMs: fc.integer({ min: -30, max: 30 }) })
    .map(({ stepMs, steps, offsetMs }) => ({ kind: "cumulate" as const, stepMs, maxSizeMs: stepMs * steps, offsetMs })),
  fc.record({
    kind: fc.constant("hopping" as const),
    sizeMs: fc.constantFrom(12, 24, 40),
    slideMs: fc.constantFrom(1, 2, 4),
    offsetMs: fc.constant(0),
  }),
);

const caseArbitrary: fc.Arbitrary<WindowCase> = fc.record({
  window: windowArbitrary,
  keyBy: fc.constantFrom<WindowCase["keyBy"][]>([], ["key"], ["key", "group"], ["group"], ["key", "group", "ok"]),
  aggregates: fc.shuffledSubarray([...allAggregates], { minLength: 1, maxLength: allAggregates.length }),
  allowedLatenessMs: fc.constantFrom(0, 0, 1, 7, 30),
  output: fc.constantFrom("append", "update", "retract"),
});

/** Batches of records in some disorder, with a watermark that follows them at some distance, so that some are late. */
const stepsArbitrary = fc
  .array(
    fc.record({
      advanceMs: fc.integer({ min: 0, max: 25 }),
      lagMs: fc.integer({ min: -5, max: 30 }),
      records: fc.array(
        readingArbitrary.map((reading) => ({ ...reading, at: Math.round(reading.at / 4) })),
        { maxLength: 15 },
      ),
    }),
    { minLength: 1, maxLength: 20 },
  )
  .map((parts) => {
    const steps: WindowStep[] = [];
    let nowMs = -100;
    for (const { advanceMs, lagMs, records } of parts) {
      nowMs += advanceMs;
      const base = nowMs;
      steps.push({ records: records.map((record) => ({ ...record, at: base + record.at })) }, { watermark: base - lagMs });
    }
    return [...steps, { watermark: endOfTime }];
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
