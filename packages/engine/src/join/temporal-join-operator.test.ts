import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RowKind } from "../column/batch.ts";
import type { EmittedRow, HarnessOptions, HarnessRecord } from "../testing/operator-harness.ts";
import { endOfTime } from "../time/watermark.ts";
import { byName, byNameAndNumber, type JoinCase, joinHarness, order, payment } from "./testing/join-fixture.ts";
import { type JoinStep, joinStepsArbitrary } from "./testing/join-steps.ts";
import { joinedRow } from "./testing/joined-row.ts";
import { TemporalJoinOracle } from "./testing/temporal-join-oracle.ts";

type TemporalJoinCase = Extract<JoinCase, { op: "temporal-join" }>;

const left: TemporalJoinCase = { op: "temporal-join", kind: "left", on: byName };
const inner: TemporalJoinCase = { ...left, kind: "inner" };
const kinds = { "+I": RowKind.insert, "-U": RowKind.updateBefore, "+U": RowKind.updateAfter, "-D": RowKind.delete } as const;

/** Payments by their number are versions, replaced versions and deletions; orders may be updates. */
const paymentKind = (record: { readonly ref: number }): EmittedRow["kind"] => (["+I", "+U", "-U", "-D", "+I"] as const)[record.ref % 5];
const orderKind = (record: { readonly id: number }): EmittedRow["kind"] => (record.id % 3 === 0 ? "+U" : "+I");
const kindOf = (record: HarnessRecord): number =>
  kinds[typeof record.ref === "number" ? paymentKind({ ref: record.ref }) : orderKind({ id: Number(record.id) })];

const harnessOf = (of: TemporalJoinCase, options: Partial<HarnessOptions> = {}) => joinHarness(of, options);
const pairs = (harness: ReturnType<typeof joinHarness>) => harness.take().map(({ fields }) => `${fields.id}-${fields.ref}`);

describe("which version is seen", () => {
  const versions = [payment(10, 1), payment(20, 2), payment(20, 3), payment(30, 4)];

  test("the latest up to the time of the left record, that very time included; of equal times the last to come", () => {
    const harness = harnessOf(left);
    harness.send(versions, 1);
    harness.send([order(9, 1), order(10, 2), order(19, 3), order(20, 4), order(99, 5)], 0);
    expect(pairs(harness)).toEqual([]);
    harness.run([{ restart: true }, { watermark: endOfTime }]);
    expect(pairs(harness)).toEqual(["1-null", "2-1", "3-1", "4-3", "5-4"]);
  });

  test("an inner join drops what has none", () => {
    const harness = harnessOf(inner);
    harness.send(versions, 1);
    harness.run([{ records: [order(9, 1), order(10, 2), order(10, 3, "b"), order(10, 4, null)] }, { watermark: endOfTime }]);
    expect(pairs(harness)).toEqual(["2-1"]);
    expect(harness.gauges().counters).toMatchObject({ unmatched: 2, null_keys: 1 });
  });

  test("a deletion ends the validity until the next version", () => {
    const deletion = { ...payment(20, 2), kind: RowKind.delete };
    const harness = harnessOf(left, { kindOf: (record) => Number(record.kind ?? RowKind.insert) });
    harness.send([payment(10, 1), deletion, payment(30, 3)], 1);
    harness.send([order(19, 1), order(20, 2), order(29, 3), order(30, 4)], 0);
    harness.watermark(endOfTime);
    expect(pairs(harness)).toEqual(["1-1", "2-null", "3-null", "4-3"]);
  });

  test("a deletion still hides an older version that comes late", () => {
    const harness = harnessOf(left, { kindOf: (record) => Number(record.kind ?? RowKind.insert) });
    harness.run([
      { records: [payment(10, 1), { ...payment(20, 2), kind: RowKind.delete }], input: 1 },
      { watermark: 25 },
      { restart: true },
    ]);
    harness.run([{ records: [payment(15, 3)], input: 1 }, { records: [order(30, 1)] }, { watermark: 40 }]);
    expect(pairs(harness)).toEqual(["1-null"]);
    expect(harness.gauges()).toMatchObject({ lateRecords: 1, counters: { versions: 1 } });
  });

  test("a version that comes late is seen by later records alone", () => {
    const harness = harnessOf(left);
    harness.run([{ records: [payment(10, 1)], input: 1 }, { records: [order(20, 1)] }, { watermark: 20 }]);
    harness.run([{ records: [payment(15, 2)], input: 1 }, { records: [order(21, 2)] }, { watermark: 30 }]);
    expect(pairs(harness)).toEqual(["1-1", "2-2"]);
  });
});

describe("when and how left records come out", () => {
  test("they wait for both sides, keep their time and kind, and come in order of arrival", () => {
    const harness = harnessOf(left, { kindOf: (record) => Number(record.kind ?? RowKind.insert) });
    harness.run([{ records: [payment(0, 1)], input: 1 }]);
    harness.run([{ records: [order(30, 1), { ...order(10, 2), kind: RowKind.updateAfter }, order(20, 3)] }, { watermark: 100, input: 0 }]);
    expect(harness.take()).toEqual([]);
    expect(harness.gauges().bufferedRecords).toBe(3);
    harness.run([{ watermark: 29, input: 1 }, { restart: true }]);
    expect(harness.take()).toEqual([joinedRow(order(10, 2), payment(0, 1), 10, "+U"), joinedRow(order(20, 3), payment(0, 1), 20)]);
    expect(harness.forwardedWatermark).toBe(29);
    harness.run([{ watermark: 100, input: 1 }]);
    expect(pairs(harness)).toEqual(["1-1"]);
  });

  test("they come out at once, behind those that wait, where the watermark of both sides is known to be right behind them", () => {
    const harness = harnessOf(left);
    harness.run([
      { records: [payment(10, 1), payment(12, 2)], input: 1 },
      { watermark: 12, input: 1 },
    ]);
    harness.send([order(9, 1), order(13, 2), order(11, 3)], 0, 12);
    expect(pairs(harness)).toEqual(["1-null", "3-1"]);
    harness.run([{ watermark: 12 }, { records: [payment(13, 3)], input: 1 }]);
    expect(harness.gauges()).toMatchObject({ bufferedRecords: 1, counters: { unmatched: 1 } });
    harness.send([order(14, 4), order(15, 5, null)], 0, 15);
    expect(pairs(harness)).toEqual(["2-3", "4-3", "5-null"]);
  });

  test("a right side that has gone idle no longer holds them back", () => {
    const harness = harnessOf(left);
    harness.run([{ records: [order(10, 1)] }, { watermark: 20, input: 0 }]);
    expect(pairs(harness)).toEqual([]);
    harness.inputIdle(1);
    expect(pairs(harness)).toEqual(["1-null"]);
  });

  test("those within the allowed lateness are joined at once with the version of their time, also after a restart", () => {
    const harness = harnessOf({ ...left, latenessMs: 20 });
    harness.send([payment(10, 1), payment(30, 2), payment(50, 3)], 1);
    harness.run([{ watermark: 50 }, { restart: true }]);
    expect(harness.forwardedWatermark).toBe(30);
    harness.send([order(31, 1), order(50, 2), order(30, 3), order(51, 4)], 0);
    expect(pairs(harness)).toEqual(["1-2", "2-3"]);
    expect(harness.fields("late_left")).toEqual([order(30, 3)]);
    harness.watermark(endOfTime);
    expect(pairs(harness)).toEqual(["4-3"]);
  });

  test("late ones go to their port", () => {
    const harness = harnessOf(left);
    harness.run([{ watermark: 10 }, { records: [order(10, 1), order(11, 2)] }, { watermark: endOfTime }]);
    expect(harness.fields("late_left")).toEqual([order(10, 1)]);
    expect(pairs(harness)).toEqual(["2-null"]);
  });
});

test("of the versions that the watermark has passed only the newest of each key is kept", () => {
  const harness = harnessOf(inner);
  const versions = Array.from({ length: 500 }, (_, i) => payment(i, i, `k${i % 5}`));
  harness.run([{ records: versions, input: 1 }, { watermark: 489 }]);
  expect(harness.gauges()).toMatchObject({ stateKeys: 5, counters: { versions: 15 } });
});

const caseArbitrary: fc.Arbitrary<TemporalJoinCase> = fc.record({
  op: fc.constant("temporal-join" as const),
  kind: fc.constantFrom("inner", "left"),
  on: fc.constantFrom(byName, byNameAndNumber, []),
  nullsMatch: fc.boolean(),
  latenessMs: fc.constantFrom(0, 1, 12, 100),
});

function compareWithOracle(of: TemporalJoinCase, steps: readonly JoinStep[], restart: boolean): void {
  const oracle = new TemporalJoinOracle(of);
  const harness = harnessOf(of, { kindOf });
  const watermarks = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const step of steps) {
    const forwarded = harness.forwardedWatermark;
    harness.run([step]);
    if ("watermark" in step) watermarks[step.input] = Math.max(watermarks[step.input], step.watermark);
    const expected =
      "watermark" in step
        ? oracle.watermark(Math.min(...watermarks))
        : step.input === 0
          ? oracle.orders(step.records, orderKind)
          : oracle.payments(step.records, paymentKind);
    const rows = harness.take();
    expect(rows).toEqual(expected.rows);
    expect(harness.take("late_left").map((row) => row.fields)).toEqual(expected.late);
    for (const row of rows) expect(row.timeMs).toBeGreaterThan(forwarded);
    if (restart) harness.restart();
  }
  expect(harness.gauges().bufferedRecords).toBe(0);
}

describe("temporal join", () => {
  test("agrees, order included, with an oracle that keeps and searches all versions", () => {
    fc.assert(
      fc.property(caseArbitrary, joinStepsArbitrary, (of, steps) => compareWithOracle(of, steps, false)),
      { numRuns: 200 },
    );
  });

  test("agrees with the oracle when it is restored after every step", () => {
    fc.assert(
      fc.property(caseArbitrary, joinStepsArbitrary, (of, steps) => compareWithOracle(of, steps, true)),
      { numRuns: 100 },
    );
  });

  test("gives the same rows whether or not the watermark is known before it comes", () => {
    fc.assert(
      fc.property(caseArbitrary, joinStepsArbitrary, (of, steps) => {
        const known = harnessOf(of, { kindOf }).run(steps);
        const unknown = harnessOf(of, { kindOf });
        for (const step of steps) unknown.run([step]);
        for (const port of ["out", "late_left"]) expect(known.rows(port)).toEqual(unknown.rows(port));
      }),
      { numRuns: 150 },
    );
  });

  test("gives the same rows however records are batched", () => {
    fc.assert(
      fc.property(caseArbitrary, joinStepsArbitrary, (of, steps) => {
        const straight = harnessOf(of, { kindOf }).run(steps);
        const other = harnessOf(of, { kindOf, batchRows: 1 }).run(steps);
        expect(other.rows()).toEqual(straight.rows());
      }),
      { numRuns: 60 },
    );
  });
});
