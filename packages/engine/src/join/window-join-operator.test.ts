import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { streamOf } from "../testing/plan-step.ts";
import { endOfTime } from "../time/watermark.ts";
import { bigintType, stringType, timestampType } from "../types/field-type.ts";
import { byName, byNameAndNumber, type JoinCase, joinHarness, order, payment } from "./testing/join-fixture.ts";
import { type JoinStep, joinStepsArbitrary } from "./testing/join-steps.ts";
import { WindowJoinOracle } from "./testing/window-join-oracle.ts";

type WindowJoinCase = Extract<JoinCase, { op: "window-join" }>;

const inner: WindowJoinCase = { op: "window-join", kind: "inner", on: byName, window: { kind: "tumbling", sizeMs: 10, offsetMs: 0 } };
const hopping: WindowJoinCase = { ...inner, window: { kind: "hopping", sizeMs: 10, slideMs: 5, offsetMs: 0 } };

const pairs = (harness: ReturnType<typeof joinHarness>) =>
  harness.take().map(({ fields }) => `${fields.id}-${fields.ref}@${fields.window_end}`);

describe("what is joined", () => {
  const lefts = [order(1, 1), order(9, 2), order(10, 3), order(5, 4, "b"), order(6, 5, null)];
  const rights = [payment(0, 1), payment(9, 2), payment(19, 3), payment(4, 4, "c"), payment(4, 5, null)];
  const all = (kind: WindowJoinCase["kind"]) => {
    const harness = joinHarness({ ...inner, kind });
    harness.run([{ records: lefts }, { records: rights, input: 1 }, { restart: true }, { watermark: endOfTime }]);
    return pairs(harness);
  };
  const matches = ["1-1@10", "1-2@10", "2-1@10", "2-2@10", "3-3@20"];

  test("what lies in the same window, with the later side's records in order", () => {
    expect(all("inner")).toEqual(matches);
  });

  test("outer joins pad what has no partner in its window, NULL keys too", () => {
    expect(all("left")).toEqual([...matches.slice(0, 2), "4-null@10", "5-null@10", ...matches.slice(2)]);
    expect(all("right")).toEqual([...matches.slice(0, 4), "null-4@10", "null-5@10", "3-3@20"]);
    expect(all("full")).toHaveLength(9);
  });

  test("semi and anti joins give left records, once each", () => {
    expect(all("semi")).toEqual(["1-undefined@10", "2-undefined@10", "3-undefined@20"]);
    expect(all("anti")).toEqual(["4-undefined@10", "5-undefined@10"]);
  });

  test("hopping windows join a pair in every window that has both", () => {
    const harness = joinHarness(hopping);
    harness.run([{ records: [order(7, 1)] }, { records: [payment(9, 1), payment(4, 2)], input: 1 }, { watermark: endOfTime }]);
    expect(pairs(harness)).toEqual(["1-2@10", "1-1@10", "1-1@15"]);
  });
});

describe("time", () => {
  test("a window is joined when the watermark of both sides reaches its last millisecond, and says so as event time", () => {
    const harness = joinHarness(inner);
    harness.run([
      { records: [order(1, 1)] },
      { records: [payment(2, 1)], input: 1 },
      { watermark: 100, input: 0 },
      { watermark: 8, input: 1 },
    ]);
    expect(harness.rows()).toEqual([]);
    expect(harness.gauges().bufferedRecords).toBe(2);
    harness.run([{ watermark: 9, input: 1 }]);
    expect(harness.rows()).toMatchObject([{ timeMs: 9, fields: { id: 1, ref: 1, window_start: 0, window_end: 10 } }]);
    expect(harness.gauges()).toMatchObject({ bufferedRecords: 0, stateKeys: 0 });
  });

  test("a record is late when all its windows are closed", () => {
    const harness = joinHarness(hopping);
    harness.run([{ watermark: 9 }, { records: [order(4, 1), order(5, 2)] }, { records: [payment(4, 3)], input: 1 }, { restart: true }]);
    expect(harness.fields("late_left")).toEqual([order(4, 1)]);
    expect(harness.fields("late_right")).toEqual([payment(4, 3)]);
    expect(harness.gauges().counters).toMatchObject({ partially_late: 1, outside_window: 0 });
  });
});

test("records that come out of a window keep the window that they name", () => {
  const totals = streamOf({ who: stringType, window_start: timestampType, window_end: timestampType, total: bigintType });
  const total = (end: number, n: number) => ({ who: "a", window_start: end - 10, window_end: end, total: n });
  const named = joinHarness({ ...inner, on: [{ left: "who", right: "who" }] }, { timeOf: (record) => Number(record.window_end) - 1 }, [
    totals,
    totals,
  ]);
  named.run([{ records: [total(10, 1), total(20, 2)] }, { records: [total(10, 3)], input: 1 }, { watermark: endOfTime }]);
  expect(named.fields()).toEqual([{ ...total(10, 1), right_who: "a", right_window_start: 0, right_window_end: 10, right_total: 3 }]);
});

const windowArbitrary: fc.Arbitrary<WindowJoinCase["window"]> = fc.oneof(
  fc.record({ kind: fc.constant("tumbling" as const), sizeMs: fc.integer({ min: 1, max: 20 }), offsetMs: fc.integer({ min: -9, max: 9 }) }),
  fc.record({
    kind: fc.constant("hopping" as const),
    sizeMs: fc.integer({ min: 1, max: 20 }),
    slideMs: fc.integer({ min: 1, max: 20 }),
    offsetMs: fc.integer({ min: -9, max: 9 }),
  }),
);
const caseArbitrary: fc.Arbitrary<WindowJoinCase> = fc
  .record({
    op: fc.constant("window-join" as const),
    kind: fc.constantFrom("inner", "left", "right", "full", "semi", "anti", "not-in"),
    on: fc.constantFrom(byName, byNameAndNumber, []),
    nullsMatch: fc.boolean(),
    window: windowArbitrary,
  })
  // NOT IN is asked of single values.
  .map((of) => (of.kind === "not-in" && of.on.length > 1 ? { ...of, on: byName } : of));

function compareWithOracle(of: WindowJoinCase, steps: readonly JoinStep[], restart: boolean): void {
  const oracle = new WindowJoinOracle(of);
  const harness = joinHarness(of);
  const watermarks = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const step of steps) {
    const forwarded = harness.forwardedWatermark;
    harness.run([step]);
    if ("watermark" in step) watermarks[step.input] = Math.max(watermarks[step.input], step.watermark);
    const expected =
      "watermark" in step
        ? oracle.watermark(Math.min(...watermarks))
        : step.input === 0
          ? oracle.orders(step.records)
          : oracle.payments(step.records);
    const rows = harness.take();
    expect(rows).toEqual(expected.rows);
    const late = "watermark" in step || step.input === 0 ? harness.take("late_left") : harness.take("late_right");
    expect(late.map((row) => row.fields)).toEqual(expected.late);
    for (const row of rows) expect(row.timeMs).toBeGreaterThan(forwarded);
    if (restart) harness.restart();
  }
  expect(harness.gauges()).toMatchObject({ stateKeys: 0, bufferedRecords: 0 });
}

describe("window join", () => {
  test("agrees, order included, with an oracle that joins every window from all records", () => {
    fc.assert(
      fc.property(caseArbitrary, joinStepsArbitrary, (of, steps) => compareWithOracle(of, steps, false)),
      { numRuns: 250 },
    );
  });

  test("agrees with the oracle when it is restored after every step", () => {
    fc.assert(
      fc.property(caseArbitrary, joinStepsArbitrary, (of, steps) => compareWithOracle(of, steps, true)),
      { numRuns: 100 },
    );
  });

  test("gives the same rows however records are batched", () => {
    fc.assert(
      fc.property(caseArbitrary, joinStepsArbitrary, (of, steps) => {
        expect(joinHarness(of, { batchRows: 1 }).run(steps).rows()).toEqual(joinHarness(of).run(steps).rows());
      }),
      { numRuns: 60 },
    );
  });
});
