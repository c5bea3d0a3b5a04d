import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EmittedRow } from "../testing/operator-harness.ts";
import { EarlyOracle } from "./testing/early-oracle.ts";
import { stepsArbitrary, windowArbitrary } from "./testing/window-arbitraries.ts";
import { allAggregates, reading, type WindowCase, type WindowStep, windowHarness } from "./testing/window-fixture.ts";

const minute: WindowCase = {
  window: { kind: "tumbling", sizeMs: 60, offsetMs: 0 },
  keyBy: ["key"],
  aggregates: [{ fn: "count", argument: null, filter: null }],
  allowedLatenessMs: 0,
  output: "update",
};

const caseArbitrary: fc.Arbitrary<WindowCase> = fc
  .record({
    window: windowArbitrary,
    keyBy: fc.constantFrom<WindowCase["keyBy"][]>([], ["key"], ["key", "group"]),
    aggregates: fc.shuffledSubarray([...allAggregates], { minLength: 1 }),
    allowedLatenessMs: fc.constantFrom(0, 0, 7, 30),
    output: fc.constantFrom("update", "retract"),
    early: fc.constantFrom<NonNullable<WindowCase["early"]>[]>(
      { kind: "records", every: 1 },
      { kind: "records", every: 3 },
      { kind: "event-time", everyMs: 5 },
      { kind: "event-time", everyMs: 16 },
    ),
    discarding: fc.boolean(),
  })
  .map(({ discarding, output, ...of }) => ({ ...of, ...(discarding ? { panes: "discarding", output: "append" } : { output }) }));

const text = (rows: readonly EmittedRow[]) => rows.map(({ kind, fields }) => `${kind} ${fields.key} ${fields.window_end} ${fields.count}`);
const sorted = (rows: readonly EmittedRow[]) => rows.map((row) => JSON.stringify(row)).sort();

function compareWithOracle(of: WindowCase, steps: readonly WindowStep[]): void {
  if (of.window.kind === "session") throw new Error("sessions are not of fixed bounds");
  const oracle = new EarlyOracle(of, of.window);
  const harness = windowHarness(of);
  for (const step of steps) {
    harness.run([step]);
    const expected =
      "records" in step ? oracle.records(step.records) : "watermark" in step ? oracle.watermark(step.watermark) : { rows: [], late: [] };
    expect(sorted(harness.take())).toEqual(sorted(expected.rows));
    expect(harness.take("late").map(({ fields }) => fields)).toEqual(expected.late);
  }
  const counters = { partially_late: oracle.partiallyLate, outside_window: oracle.outsideWindow, without_time: 0 };
  expect(harness.gauges()).toMatchObject({ stateKeys: 0, counters });
}

describe("windows with results before their end", () => {
  test("a row for each record; the close of a window repeats nothing", () => {
    const harness = windowHarness({ ...minute, early: { kind: "records", every: 1 } });
    harness.run([{ records: [reading(1), reading(2, "b"), reading(3)] }, { watermark: 100 }]);
    expect(text(harness.take())).toEqual(["+I a 60 1", "+I b 60 1", "+U a 60 2"]);
  });

  test("every interval of processing time, and the rest at the close", () => {
    const harness = windowHarness({ ...minute, output: "retract", early: { kind: "processing-time", everyMs: 1000 } });
    harness.run([{ processingTime: 5400 }, { records: [reading(1), reading(2)] }, { processingTime: 5999 }]);
    expect(harness.take()).toEqual([]);
    harness.run([{ restart: true }, { processingTime: 6000 }, { processingTime: 8000 }]);
    expect(text(harness.take())).toEqual(["+I a 60 2"]);
    harness.run([{ records: [reading(3)] }, { restart: true }, { watermark: 59 }, { processingTime: 9000 }]);
    expect(text(harness.take())).toEqual(["-U a 60 2", "+U a 60 3"]);
  });

  test("discarded panes: late records come as further rows, with what is new alone", () => {
    const harness = windowHarness({ ...minute, output: "append", panes: "discarding", allowedLatenessMs: 100 });
    harness.run([{ records: [reading(1), reading(2)] }, { watermark: 59 }, { records: [reading(3)] }, { watermark: 159 }]);
    expect(text(harness.take())).toEqual(["+I a 60 2", "+I a 60 1"]);
    harness.send([reading(4)]);
    expect(harness.take("late")).toHaveLength(1);
  });

  test.each([false, true])(
    "agrees with an oracle that recomputes every result; restored at every step: %s",
    (restart) => {
      fc.assert(
        fc.property(caseArbitrary, stepsArbitrary, (of, steps) => {
          compareWithOracle(of, restart ? steps.flatMap((step): WindowStep[] => [step, { restart: true }]) : steps);
        }),
        { numRuns: 120 },
      );
    },
    60_000,
  );

  test("gives the same rows in the same order however records are batched and wherever it is restored", () => {
    fc.assert(
      fc.property(caseArbitrary, stepsArbitrary, fc.array(fc.boolean(), { minLength: 41, maxLength: 41 }), (of, steps, restartAfter) => {
        const straight = windowHarness(of).run(steps);
        const restored = steps.flatMap((step, i): WindowStep[] => (restartAfter[i] ? [step, { restart: true }] : [step]));
        for (const batchRows of [1, 7, 64, 1024]) {
          const other = windowHarness(of, { batchRows }).run(restored);
          expect(other.rows()).toEqual(straight.rows());
          expect(other.rows("late")).toEqual(straight.rows("late"));
        }
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  test("the last row of each key and window is what the same window says without early results", () => {
    fc.assert(
      fc.property(caseArbitrary, stepsArbitrary, (of, steps) => {
        fc.pre(of.panes !== "discarding");
        const { early: _, ...late } = of;
        const table = (rows: readonly EmittedRow[]) => {
          const keyOf = ({ fields }: EmittedRow) =>
            JSON.stringify([of.keyBy.map((name) => fields[name]), fields.window_start, fields.window_end]);
          return new Map(rows.map((row) => [keyOf(row), row.fields]));
        };
        const sortedTable = (rows: readonly EmittedRow[]) => [...table(rows)].sort(([a], [b]) => (a < b ? -1 : 1));
        expect(sortedTable(windowHarness(of).run(steps).rows())).toEqual(sortedTable(windowHarness(late).run(steps).rows()));
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});

describe("sessions with results before their end", () => {
  const visits: WindowCase = { ...minute, window: { kind: "session", gapMs: 10, maxDurationMs: null }, output: "retract" };

  test("each record says its session; one that grows or merges is deleted and comes anew", () => {
    const harness = windowHarness({ ...visits, early: { kind: "records", every: 1 } });
    harness.run([{ records: [reading(0), reading(15), reading(0), reading(8)] }, { restart: true }, { watermark: 50 }]);
    expect(text(harness.take())).toEqual(["+I a 10 1", "+I a 25 1", "-U a 10 1", "+U a 10 2", "-D a 10 2", "-D a 25 1", "+I a 25 4"]);
    expect(harness.gauges().stateKeys).toBe(0);
  });

  test("discarded panes of sessions hold what is new alone", () => {
    const harness = windowHarness({ ...visits, output: "append", panes: "discarding", allowedLatenessMs: 100 });
    harness.run([
      { records: [reading(0), reading(5)] },
      { watermark: 15 },
      { restart: true },
      { records: [reading(7)] },
      { watermark: 17 },
    ]);
    expect(text(harness.take())).toEqual(["+I a 15 2", "+I a 17 1"]);
  });
});
