import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RowKind } from "../column/batch.ts";
import type { HarnessStep } from "../testing/operator-harness.ts";
import { endOfTime, noWatermark } from "../time/watermark.ts";
import { byName, byNameAndNumber, type JoinCase, joinHarness, type Order, order, type Payment, payment } from "./testing/join-fixture.ts";
import { joinStepsArbitrary } from "./testing/join-steps.ts";
import { joinedRow, sameKey } from "./testing/joined-row.ts";

type SnapshotJoinCase = Extract<JoinCase, { op: "snapshot-join" }>;

const left: SnapshotJoinCase = { op: "snapshot-join", kind: "left", on: byName, loadUntilMs: null, idleMs: 1000, maxBufferedRecords: 100 };
const inner: SnapshotJoinCase = { ...left, kind: "inner" };

const pairs = (harness: ReturnType<typeof joinHarness>) => harness.take().map(({ fields }) => `${fields.id}-${fields.ref}`);
const loading = (harness: ReturnType<typeof joinHarness>) => harness.gauges().counters.loading;

describe("loading", () => {
  const waiting: readonly HarnessStep[] = [{ records: [order(30, 1), order(10, 2)] }, { records: [payment(5, 1)], input: 1 }];

  test("left records wait until the watermark of the right has reached the start of the run", () => {
    const harness = joinHarness(left);
    harness.run([{ processingTime: 500 }, ...waiting, { watermark: 1000, input: 0 }, { watermark: 499, input: 1 }]);
    expect(harness.take()).toEqual([]);
    expect(harness.gauges()).toMatchObject({ bufferedRecords: 2, counters: { loading: 1, right_rows: 1 } });
    expect(harness.forwardedWatermark).toBe(noWatermark);
    harness.run([{ watermark: 500, input: 1 }]);
    expect(harness.take()).toEqual([joinedRow(order(30, 1), payment(5, 1), 30), joinedRow(order(10, 2), payment(5, 1), 10)]);
    expect(harness.gauges()).toMatchObject({ bufferedRecords: 0, counters: { loading: 0 } });
    expect(harness.forwardedWatermark).toBe(500);
  });

  test("a time that is set counts instead of the start of the run", () => {
    const harness = joinHarness({ ...left, loadUntilMs: 60 });
    harness.run([...waiting, { watermark: 59, input: 1 }]);
    expect(loading(harness)).toBe(1);
    harness.run([{ watermark: 60, input: 1 }]);
    expect(pairs(harness)).toEqual(["1-1", "2-1"]);
  });

  test("the right's end ends it", () => {
    const harness = joinHarness(left);
    harness.run([...waiting, { watermark: endOfTime, input: 1 }]);
    expect(pairs(harness)).toEqual(["1-1", "2-1"]);
  });

  test("silence of the right ends it; each of its batches starts the silence anew", () => {
    const harness = joinHarness(left);
    harness.run([{ processingTime: 5000 }, ...waiting, { processingTime: 5900 }, { records: [payment(6, 2, "b")], input: 1 }]);
    harness.run([{ processingTime: 6899 }]);
    expect(loading(harness)).toBe(1);
    harness.run([{ processingTime: 6900 }]);
    expect(pairs(harness)).toEqual(["1-1", "2-1"]);
    const patient = joinHarness({ ...left, idleMs: null });
    patient.run([{ processingTime: 0 }, ...waiting, { processingTime: 1e9 }]);
    expect(loading(patient)).toBe(1);
  });

  test("is not done again after a restart, nor forgotten by one", () => {
    const harness = joinHarness(left);
    harness.run([{ processingTime: 500 }, ...waiting, { restart: true }, { processingTime: 9000 }, { watermark: 499, input: 1 }]);
    expect(loading(harness)).toBe(1);
    harness.run([{ watermark: 500, input: 1 }, { restart: true }, { processingTime: 1e6 }]);
    expect(pairs(harness)).toEqual(["1-1", "2-1"]);
    harness.run([{ records: [order(50, 3)] }]);
    expect(pairs(harness)).toEqual(["3-1"]);
  });

  test("what finds no room leaves by the overflow port", () => {
    const harness = joinHarness({ ...left, maxBufferedRecords: 3 });
    harness.run([{ records: [order(1, 1), order(2, 2)] }, { records: [order(3, 3), order(4, 4), order(5, 5)] }, { restart: true }]);
    expect(harness.fields("overflow")).toEqual([order(4, 4), order(5, 5)]);
    harness.run([{ watermark: endOfTime, input: 1 }, { records: [order(6, 6), order(7, 7), order(8, 8), order(9, 9)] }]);
    expect(pairs(harness)).toEqual(["1-null", "2-null", "3-null", "6-null", "7-null", "8-null", "9-null"]);
    expect(harness.gauges()).toMatchObject({ stateKeys: 0, counters: { overflow: 2, unmatched: 7 } });
  });

  test("the end of both lets out what waits", () => {
    const harness = joinHarness(left);
    harness.run([...waiting, { watermark: endOfTime }]);
    expect(pairs(harness)).toEqual(["1-1", "2-1"]);
    expect(harness.forwardedWatermark).toBe(endOfTime);
  });
});

describe("the table", () => {
  const loaded = (of: SnapshotJoinCase) => {
    const harness = joinHarness(of, { kindOf: (record) => Number(record.kind ?? RowKind.insert) });
    harness.run([{ watermark: endOfTime, input: 1 }]);
    return harness;
  };

  test("the last row of a key to come counts, whatever its time", () => {
    const harness = loaded(left);
    harness.send([payment(20, 1), payment(10, 2), payment(10, 3, "b")], 1);
    harness.send([order(5, 1), order(6, 2, "b"), order(7, 3, "c"), order(8, 4, null)], 0);
    expect(pairs(harness)).toEqual(["1-2", "2-3", "3-null", "4-null"]);
    expect(harness.gauges()).toMatchObject({ stateKeys: 2, counters: { right_rows: 2, unmatched: 2 } });
  });

  test("a row that is deleted or taken back is gone, also within a batch that brings it back", () => {
    const harness = loaded(inner);
    const kind = (record: Payment & Record<string, unknown>, value: number) => ({ ...record, kind: value });
    harness.send([payment(1, 1), kind(payment(1, 2), RowKind.delete), payment(1, 3), kind(payment(1, 4, "b"), RowKind.delete)], 1);
    harness.send([order(5, 1), order(5, 2, "b")], 0);
    harness.send([kind(payment(1, 3), RowKind.updateBefore), kind(payment(1, 6, "c"), RowKind.updateAfter)], 1);
    harness.send([order(5, 3), order(5, 3, "c")], 0);
    harness.send([kind(payment(1, 7, "c"), RowKind.delete)], 1);
    harness.run([{ records: [order(5, 4, "c")] }, { restart: true }, { records: [order(5, 5, null)] }]);
    expect(pairs(harness)).toEqual(["1-3", "3-6"]);
    expect(harness.gauges()).toMatchObject({ stateKeys: 0, counters: { right_rows: 0, null_keys: 1 } });
  });

  test("left records keep their kind and time", () => {
    const harness = loaded(left);
    harness.run([{ records: [payment(9, 1)], input: 1 }, { records: [{ ...order(5, 1), kind: RowKind.updateAfter }] }]);
    expect(harness.take()).toEqual([joinedRow(order(5, 1), payment(9, 1), 5, "+U")]);
  });
});

test("agrees with an oracle that keeps a plain list, wherever it is restored and however records are batched", () => {
  const caseArbitrary = fc.record({
    kind: fc.constantFrom("inner" as const, "left" as const),
    on: fc.constantFrom(byName, byNameAndNumber, []),
    nullsMatch: fc.boolean(),
  });
  fc.assert(
    fc.property(caseArbitrary, joinStepsArbitrary, fc.nat(40), fc.constantFrom(1, 1024), (choice, steps, loadedAt, batchRows) => {
      const of = { ...left, ...choice, maxBufferedRecords: 1000 };
      const harness = joinHarness(of, { batchRows });
      const table: Payment[] = [];
      const waiting: Order[] = [];
      const joined = (records: readonly Order[]) =>
        records.flatMap((record) => {
          const partner = table.findLast((row) => sameKey(of, record, row));
          return partner === undefined && of.kind === "inner" ? [] : [joinedRow(record, partner ?? null, record.at)];
        });
      steps.forEach((step, i) => {
        if (i === loadedAt) {
          harness.run([{ watermark: endOfTime, input: 1 }]);
          expect(harness.take()).toEqual(joined(waiting));
        }
        if ("watermark" in step) return;
        harness.run([step]);
        if (step.input === 1) table.push(...step.records);
        else waiting.push(...step.records);
        expect(harness.take()).toEqual(i < loadedAt || step.input === 1 ? [] : joined(step.records));
        harness.restart();
      });
    }),
    { numRuns: 150 },
  );
});
