import { describe, expect, test } from "vitest";
import { endOfTime, noWatermark } from "../time/watermark.ts";
import { byName, byNameAndNumber, type JoinCase, joinHarness, order, orders, payment, payments } from "./testing/join-fixture.ts";
import { joinedRow } from "./testing/joined-row.ts";

const inner: JoinCase = { op: "interval-join", kind: "inner", on: byName, lowerMs: 0, upperMs: 10 };
const left: JoinCase = { ...inner, kind: "left" };
const full: JoinCase = { ...inner, kind: "full", lowerMs: -4 };

const pairs = (harness: ReturnType<typeof joinHarness>) => harness.take().map(({ fields }) => `${fields.id}-${fields.ref}`);

describe("which records are joined", () => {
  test("both ends of the interval are in it, whichever side comes first", () => {
    const harness = joinHarness(inner);
    harness.send([order(100, 1)], 0);
    harness.send([payment(99, 1), payment(100, 2), payment(110, 3), payment(111, 4)], 1);
    expect(pairs(harness)).toEqual(["1-2", "1-3"]);
    harness.send([order(101, 2), order(100, 3)], 0);
    expect(pairs(harness)).toEqual(["2-3", "2-4", "3-2", "3-3"]);
  });

  test("the row has the fields of both, the right ones prefixed where the left has the name, and the later time", () => {
    const harness = joinHarness(inner);
    const bought = order(100, 1, "é", 7);
    const paid = { ...payment(104, 2, "é", null), paid: true };
    harness.run([{ records: [bought] }, { records: [paid], input: 1 }]);
    expect(harness.rows()).toEqual([joinedRow(bought, paid, 104)]);
  });

  test("keys are equal by value across dictionaries, all of their parts count, and NULL equals nothing", () => {
    const harness = joinHarness({ ...inner, on: byNameAndNumber });
    harness.send(
      [payment(100, 1, "x"), payment(100, 2, "b", 1), payment(100, 3, "a", 1), payment(100, 4, null, 1), payment(100, 5, "a", null)],
      1,
    );
    harness.send([order(100, 1, "a", 1), order(100, 2, "b", 2), order(100, 3, null, 1), order(100, 4, "a", null)], 0);
    expect(pairs(harness)).toEqual(["1-3"]);
    expect(harness.gauges()).toMatchObject({ counters: { null_keys: 4, buffered_left: 2, buffered_right: 3 } });
  });

  test("without keys everything close enough is joined", () => {
    const harness = joinHarness({ ...inner, on: [] });
    harness.run([
      { records: [order(100, 1, "a"), order(101, 2, null)] },
      { records: [payment(101, 1, "b")], input: 1 },
      { watermark: endOfTime },
    ]);
    expect(pairs(harness)).toEqual(["1-1", "2-1"]);
    expect(harness.gauges().stateKeys).toBe(0);
  });

  test("many pairs come in batches of at most 1024 rows", () => {
    const harness = joinHarness(inner);
    harness.send(
      Array.from({ length: 50 }, (_, i) => order(100, i)),
      0,
    );
    harness.send(
      Array.from({ length: 50 }, (_, i) => payment(105, i)),
      1,
    );
    expect(harness.batchSizes).toEqual([1024, 1024, 452]);
  });
});

describe("time", () => {
  test("a record is late when its time is at most the watermark of both sides together", () => {
    const harness = joinHarness(inner);
    harness.run([{ watermark: 200, input: 1 }, { records: [order(10, 1)] }, { watermark: 100, input: 0 }]);
    harness.send([order(100, 2), order(101, 3)], 0);
    harness.send([payment(100, 1), payment(101, 2)], 1);
    expect(harness.fields("late_left")).toEqual([order(100, 2)]);
    expect(harness.fields("late_right")).toEqual([payment(100, 1)]);
    expect(pairs(harness)).toEqual(["3-2"]);
  });

  test("records are kept exactly as long as a partner can come", () => {
    const harness = joinHarness({ ...inner, lowerMs: -4, upperMs: 10 });
    harness.run([{ records: [order(100, 1)] }, { records: [payment(100, 1)], input: 1 }]);
    const buffered = (watermark: number) => {
      harness.watermark(watermark);
      const { counters } = harness.gauges();
      return [counters.buffered_left, counters.buffered_right];
    };
    expect(buffered(103)).toEqual([1, 1]);
    expect(buffered(104)).toEqual([1, 0]);
    expect(buffered(109)).toEqual([1, 0]);
    expect(buffered(110)).toEqual([0, 0]);
  });

  test("an interval that lies wholly after the left record still holds the left", () => {
    const harness = joinHarness({ ...inner, lowerMs: 5, upperMs: 10 });
    harness.run([{ records: [order(100, 1)] }, { records: [payment(105, 1), payment(104, 2)], input: 1 }, { watermark: 105 }]);
    expect(harness.gauges().counters).toMatchObject({ buffered_left: 1, buffered_right: 0 });
    harness.run([{ records: [payment(110, 3)], input: 1 }]);
    expect(pairs(harness)).toEqual(["1-1", "1-3"]);
  });

  test("records without a time are counted and dropped", () => {
    const harness = joinHarness(left);
    harness.run([{ records: [{ ...order(0, 1), at: Number.NaN }] }, { restart: true }, { watermark: endOfTime }]);
    expect(harness.rows()).toEqual([]);
    expect(harness.gauges().counters.without_time).toBe(1);
  });
});

describe("records without a partner", () => {
  test("come out once, with their own time, as soon as none can come any more", () => {
    const harness = joinHarness(left);
    harness.run([{ records: [order(100, 1), order(102, 2, "b"), order(101, 3)] }, { records: [payment(111, 9)], input: 1 }]);
    expect(pairs(harness)).toEqual(["3-9"]);
    harness.watermark(109);
    expect(harness.take()).toEqual([]);
    expect(harness.gauges().bufferedRecords).toBe(2);
    harness.restart();
    harness.watermark(110);
    expect(harness.take()).toEqual([joinedRow(order(100, 1), null, 100)]);
    harness.run([{ restart: true }, { watermark: endOfTime }, { watermark: endOfTime }]);
    expect(harness.take()).toEqual([joinedRow(order(102, 2, "b"), null, 102)]);
  });

  test("come out at once with NULL in their key, unless NULL equals NULL, and but once", () => {
    const harness = joinHarness(full);
    harness.run([{ records: [order(100, 1, null)] }, { records: [payment(101, 2, null)], input: 1 }]);
    expect(pairs(harness)).toEqual(["1-null", "null-2"]);
    expect(harness.gauges().bufferedRecords).toBe(0);
    harness.run([{ restart: true }, { watermark: endOfTime }]);
    expect(pairs(harness)).toEqual([]);
    const equal = joinHarness({ ...full, nullsMatch: true });
    equal.run([{ records: [order(100, 1, null)] }, { records: [payment(101, 2, null)], input: 1 }, { watermark: endOfTime }]);
    expect(pairs(equal)).toEqual(["1-2"]);
  });

  test("come in the order of when that became so", () => {
    const harness = joinHarness(full);
    harness.run([{ records: [order(100, 1), order(90, 2)] }, { records: [payment(106, 1, "b"), payment(95, 2, "b")], input: 1 }]);
    harness.watermark(endOfTime);
    expect(pairs(harness)).toEqual(["null-2", "2-null", "1-null", "null-1"]);
  });

  test("hold back the watermark for as long, so that they are on time for what follows", () => {
    const forwarded = (of: JoinCase) => {
      const harness = joinHarness(of);
      harness.watermark(1000);
      return harness.forwardedWatermark;
    };
    expect(forwarded(inner)).toBe(1000);
    expect(forwarded(left)).toBe(990);
    expect(forwarded({ ...left, kind: "right" })).toBe(1000);
    expect(forwarded({ ...full, kind: "right" })).toBe(996);
    expect(forwarded(full)).toBe(990);
    expect(forwarded({ ...left, lowerMs: -20, upperMs: -5 })).toBe(1000);
  });
});

describe("options", () => {
  test("NULL is equal to NULL where the join says so, and to nothing else", () => {
    const harness = joinHarness({ ...inner, on: byNameAndNumber, nullsMatch: true });
    harness.send([payment(100, 1, null, 1), payment(100, 2, null, null), payment(100, 3, "null", 1)], 1);
    harness.send([order(100, 1, null, 1), order(100, 2, null, null), order(100, 3, "a", null)], 0);
    expect(pairs(harness)).toEqual(["1-1", "2-2"]);
    expect(harness.gauges()).toMatchObject({ counters: { null_keys: 0 } });
  });

  test("what is alone comes out at once and its pairs follow; the watermark passes unhindered", () => {
    const harness = joinHarness({ ...left, unmatched: "at-once" });
    harness.run([{ records: [order(100, 1)] }, { restart: true }, { records: [payment(105, 1)], input: 1 }, { records: [order(101, 2)] }]);
    expect(pairs(harness)).toEqual(["1-null", "1-1", "2-1"]);
    harness.run([{ watermark: 120 }, { watermark: endOfTime }]);
    expect(pairs(harness)).toEqual([]);
    expect(harness.run([{ watermark: endOfTime }]).forwardedWatermark).toBe(endOfTime);
  });

  test("records within the allowed lateness meet what is kept for them, and what is alone is said at once", () => {
    const harness = joinHarness({ ...left, latenessMs: 20 });
    harness.run([{ records: [payment(105, 1)], input: 1 }, { watermark: 120 }, { restart: true }]);
    expect(harness.forwardedWatermark).toBe(100);
    harness.send([order(101, 1), order(106, 2), order(100, 3), order(111, 4)], 0);
    expect(pairs(harness)).toEqual(["1-1", "2-null"]);
    expect(harness.fields("late_left")).toEqual([order(100, 3)]);
    harness.watermark(121);
    expect(pairs(harness)).toEqual(["4-null"]);
    // One that was said to be alone is kept, and still meets a late partner.
    harness.send([payment(112, 5)], 1);
    expect(pairs(harness)).toEqual(["2-5", "4-5"]);
    harness.watermark(142);
    expect(harness.gauges()).toMatchObject({ bufferedRecords: 0, counters: { buffered_left: 0, buffered_right: 0 } });
  });
});

test("no watermark changes nothing; an older one brings nothing back", () => {
  const harness = joinHarness(left);
  harness.run([{ records: [order(100, 1)] }, { watermark: noWatermark }, { watermark: 110 }, { watermark: 50 }]);
  expect(pairs(harness)).toEqual(["1-null"]);
  harness.run([{ records: [order(110, 2)] }]);
  expect(harness.fields("late_left")).toEqual([order(110, 2)]);
});

test("what is restored is less than what was dropped", () => {
  const harness = joinHarness(inner, {}, [orders, payments]);
  harness.send(
    Array.from({ length: 3000 }, (_, i) => order(i, i, `k${i}`)),
    0,
  );
  const full = harness.restart().length;
  harness.watermark(2990);
  expect(harness.restart().length).toBeLessThan(full / 20);
});
