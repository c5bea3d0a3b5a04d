import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SessionWindow } from "../plan/window-spec.ts";
import { endOfTime } from "../time/watermark.ts";
import { SessionOracle } from "./testing/session-oracle.ts";
import { allAggregates, type Reading, type WindowCase, type WindowStep, windowHarness } from "./testing/window-fixture.ts";

const readingArbitrary: fc.Arbitrary<Reading & Record<string, unknown>> = fc.record({
  at: fc.integer({ min: -40, max: 40 }),
  key: fc.constantFrom("a", "b", null),
  group: fc.constantFrom(1, 2, null),
  value: fc.oneof(
    fc.integer({ min: -100_000, max: 100_000 }).map((cents) => cents / 100),
    fc.constant(null),
  ),
  whole: fc.constantFrom(1, 2, 3, -4, null),
  text: fc.constantFrom("x", "y", "", null),
  ok: fc.constantFrom(true, false, null),
});

const caseArbitrary = fc.record({
  window: fc.record({
    kind: fc.constant("session" as const),
    gapMs: fc.constantFrom(1, 2, 5, 10, 30),
    maxDurationMs: fc.constantFrom(null, null, 1, 7, 25),
  }),
  keyBy: fc.constantFrom<WindowCase["keyBy"][]>([], ["key"], ["key", "group"]),
  aggregates: fc.shuffledSubarray([...allAggregates], { minLength: 1, maxLength: 6 }),
  allowedLatenessMs: fc.constantFrom(0, 0, 3, 15),
  output: fc.constantFrom<WindowCase["output"][]>("append", "update", "retract"),
});

type SessionCase = WindowCase & { readonly window: SessionWindow };

/** Batches of records in some disorder, with a watermark that follows them at some distance, so that some are late. */
const stepsArbitrary = fc
  .array(
    fc.record({
      advanceMs: fc.integer({ min: 0, max: 25 }),
      lagMs: fc.integer({ min: -5, max: 30 }),
      records: fc.array(readingArbitrary, { maxLength: 12 }),
    }),
    { minLength: 1, maxLength: 15 },
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

/** Runs the oracle and the operator side by side; rows, their order included, are compared after every step. */
function compareWithOracle(of: SessionCase, steps: readonly WindowStep[]): void {
  const oracle = new SessionOracle(of, of.window);
  const harness = windowHarness(of);
  for (const step of steps) {
    harness.run([step]);
    const expected =
      "records" in step ? oracle.records(step.records) : "watermark" in step ? oracle.watermark(step.watermark) : { rows: [], late: [] };
    expect(harness.take()).toEqual(expected.rows);
    expect(harness.take("late").map((row) => row.fields)).toEqual(expected.late);
    expect(harness.gauges().stateKeys).toBe(oracle.live);
  }
}

/** Busy machines take their time; nothing here waits. */
const patienceMs = 60_000;

describe("session windows", () => {
  test(
    "agree with an oracle that recomputes every session from all its records",
    () => {
      fc.assert(fc.property(caseArbitrary, stepsArbitrary, compareWithOracle), { numRuns: 250 });
    },
    patienceMs,
  );

  test(
    "agree with the oracle when they are restored after every step",
    () => {
      const restarting = stepsArbitrary.map((steps) => steps.flatMap((step): WindowStep[] => [step, { restart: true }]));
      fc.assert(fc.property(caseArbitrary, restarting, compareWithOracle), { numRuns: 150 });
    },
    patienceMs,
  );

  test(
    "give the same rows in the same order however records are batched and wherever they are restored",
    () => {
      const restarts = fc.array(fc.boolean(), { minLength: 31, maxLength: 31 });
      fc.assert(
        fc.property(caseArbitrary, stepsArbitrary, restarts, (of, steps, restartAfter) => {
          const straight = windowHarness(of).run(steps);
          const restored = steps.flatMap((step, i): WindowStep[] => (restartAfter[i] ? [step, { restart: true }] : [step]));
          for (const batchRows of [1, 5, 1024]) {
            const other = windowHarness(of, { batchRows }).run(restored);
            expect(other.rows()).toEqual(straight.rows());
            expect(other.rows("late")).toEqual(straight.rows("late"));
          }
        }),
        { numRuns: 100 },
      );
    },
    patienceMs,
  );

  test(
    "append: whatever the order and disorder of on-time records, sessions are those of the sorted records",
    () => {
      const times = fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 60 });
      fc.assert(
        fc.property(times, fc.integer({ min: 1, max: 20 }), (ats, gapMs) => {
          const of: WindowCase = {
            window: { kind: "session", gapMs, maxDurationMs: null },
            keyBy: [],
            aggregates: [{ fn: "count", argument: null, filter: null }],
            allowedLatenessMs: 0,
            output: "append",
          };
          const records = ats.map((at) => ({ at, key: "a", group: null, value: null, whole: null, text: null, ok: null }));
          const harness = windowHarness(of, { batchRows: 7 }).run([{ records }, { watermark: endOfTime }]);
          expect(harness.fields().map(({ window_start, last_event_time, count }) => [window_start, last_event_time, count])).toEqual(
            sessionsOf(ats, gapMs),
          );
        }),
        { numRuns: 200 },
      );
    },
    patienceMs,
  );
});

function sessionsOf(ats: readonly number[], gapMs: number): number[][] {
  const sessions: number[][] = [];
  for (const at of [...ats].sort((a, b) => a - b)) {
    const current = sessions.at(-1);
    if (current === undefined || at - current[1] > gapMs) sessions.push([at, at, 1]);
    else {
      current[1] = at;
      current[2]++;
    }
  }
  return sessions;
}
