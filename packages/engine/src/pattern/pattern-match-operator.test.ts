import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EmittedRow } from "../testing/operator-harness.ts";
import { endOfTime } from "../time/watermark.ts";
import { endsOf, event, lines, type PatternCase, patternHarness } from "./testing/pattern-fixture.ts";

const pair: PatternCase = {
  stages: [{ name: "a" }, { name: "b" }],
  withinMs: 10,
  measures: [
    { name: "an", value: "FIRST(a.n)" },
    { name: "bn", value: "LAST(b.n)" },
  ],
};

describe("time", () => {
  test("events are sorted by time, those of one time by arrival, and wait for the watermark", () => {
    const harness = patternHarness(pair);
    harness.send([event(5, "b", 1), event(3, "a", 2), event(5, "b", 3), event(5, "a", 4)]);
    expect(harness.rows()).toEqual([]);
    expect(harness.gauges().counters.buffered).toBe(4);
    harness.watermark(4);
    expect(harness.gauges().counters).toMatchObject({ buffered: 3, runs: 1 });
    harness.watermark(5);
    expect(lines(harness.rows())).toEqual(["3-5 an=2 bn=1"]);
    expect(harness.rows()[0].timeMs).toBe(5);
    expect(harness.forwardedWatermark).toBe(5);
  });

  test("a record at or behind the watermark leaves by the late port as it is; one without a time is counted", () => {
    const harness = patternHarness(pair, { timeOf: ({ at }) => (at === 99 ? Number.NaN : Number(at)) });
    harness.run([{ watermark: 10 }, { records: [event(10, "a"), event(11, "a"), event(99, "b")] }, { watermark: endOfTime }]);
    expect(harness.rows("late")).toMatchObject([{ fields: event(10, "a"), timeMs: 10 }]);
    expect(harness.gauges().counters.without_time).toBe(1);
    expect(harness.rows("timeout")).toMatchObject([{ fields: { match_start: 11 }, timeMs: 21 }]);
  });

  test("within is exclusive, and what ran out of time leaves by the timeout port with what it had, at that time", () => {
    const harness = patternHarness(pair);
    harness.send([event(0, "a"), event(10, "b"), event(20, "a"), event(29, "b")]);
    harness.watermark(28);
    expect(lines(harness.take("timeout"))).toEqual(["0-0 an=0"]);
    harness.watermark(29);
    expect(lines(harness.rows())).toEqual(["20-29 an=20 bn=29"]);
    expect(harness.gauges()).toMatchObject({ stateKeys: 0, counters: { runs: 0, buffered: 0 } });
  });

  test("timeouts come in order of time over all keys, whenever the watermark comes", () => {
    const steps = [{ records: [event(3, "a", 1, "y"), event(1, "a", 2, "x"), event(2, "a", 3, "z"), event(12, "b", 4, "y")] }];
    const at = (watermarks: readonly number[]) => {
      const harness = patternHarness(pair).run([...steps, ...watermarks.map((watermark) => ({ watermark }))]);
      return [lines(harness.rows("timeout")), lines(harness.rows())];
    };
    expect(at([endOfTime])).toEqual([["1-1 an=2", "2-2 an=3"], ["3-12 an=1 bn=4"]]);
    expect(at([1, 2, 3, 11, 12, 13])).toEqual(at([endOfTime]));
  });

  test("what an event leads to where its time is over already ends with that event, whenever the watermark comes", () => {
    const limited: PatternCase = {
      ...pair,
      stages: [
        { name: "a", times: { max: 2 } },
        { name: "b", withinPreviousMs: 3 },
      ],
      withinMs: 50,
    };
    const at = (watermarks: readonly number[]) => {
      const harness = patternHarness(limited);
      // With the third the first alone waits for a "b", for which it was over at 4.
      harness.run([{ records: [event(1, "a"), event(20, "c"), event(21, "a")] }, ...watermarks.map((watermark) => ({ watermark }))]);
      return harness.rows("timeout").map(({ fields, timeMs }) => `${fields.match_start}-${fields.match_end}@${timeMs}`);
    };
    const all = at([endOfTime]);
    expect(all).toContain("1-1@20");
    expect(at([0, 1, 5, 19, 20, 21, 30])).toEqual(all.filter((row) => Number(row.split("@")[1]) <= 30));
  });

  test("an absence at the end is confirmed at the time limit, to the millisecond", () => {
    const harness = patternHarness({ ...pair, stages: [{ name: "a" }, { name: "b", contiguity: "notFollowedBy" }], measures: [] });
    harness.send([event(0, "a"), event(10, "b"), event(20, "a"), event(29, "b")]);
    harness.watermark(9);
    expect(harness.rows()).toEqual([]);
    harness.watermark(10);
    expect(harness.rows()).toMatchObject([{ fields: { match_start: 0, match_end: 0 }, timeMs: 10 }]);
    harness.watermark(endOfTime);
    expect(harness.rows()).toHaveLength(1);
  });
});

describe("what is matched", () => {
  test("events of one time come in the order that is asked for, NULL as the least, and then in that of arrival", () => {
    const order = [
      { field: "kind", descending: true },
      { field: "price", descending: false },
    ];
    const harness = patternHarness({ stages: [{ name: "any", where: "TRUE" }], order, measures: [{ name: "n", value: "n" }] });
    harness.send([
      event(2, "a", 1, "w", 0),
      event(1, "a", 2, "w", 5),
      event(1, "b", 3, "w", 7),
      event(1, "b", 4, "w", null),
      event(1, "b", 5, "v", 7),
      event(1, "a", 6, "w", -1),
    ]);
    harness.watermark(5);
    expect(harness.rows().map(({ fields }) => fields.n)).toEqual([4, 3, 5, 6, 2, 1]);
  });

  test("keys do not touch each other; NULL is a key", () => {
    const harness = patternHarness(pair);
    harness.send([event(1, "a", 1, "x"), event(2, "b", 2, "y"), event(3, "a", 3, null), event(4, "b", 4, null), event(5, "b", 5, "x")]);
    harness.watermark(5);
    expect(harness.fields()).toEqual([
      { who: null, match_start: 3, match_end: 4, an: 3, bn: 4 },
      { who: "x", match_start: 1, match_end: 5, an: 1, bn: 5 },
    ]);
  });

  test("conditions read what the run has taken, without the event itself", () => {
    const rising = patternHarness({
      stages: [
        { name: "a", where: "kind = 'a'" },
        { name: "b", where: "price > a.price AND (COUNT(b) = 0 OR price > LAST(b.price))", times: { min: 2, max: 2 } },
        { name: "c", where: "kind = 'c' AND n = SUM(b.n) AND price >= MAX(b.price) AND n > MIN(b.n) AND n > AVG(b.n)" },
      ],
      withinMs: 100,
      measures: endsOf("b"),
    });
    rising.send([
      event(1, "a", 5),
      event(2, "x", 5),
      event(3, "x", 6),
      event(4, "x", 6),
      event(5, "x", 8),
      event(6, "c", 13),
      event(7, "c", 14),
    ]);
    rising.watermark(7);
    expect(lines(rising.rows())).toEqual(["1-7 b_first=6 b_last=8 b_count=2"]);
  });

  test("aggregates of a stage without events are NULL, its count is 0; NULL values do not count", () => {
    const harness = patternHarness({
      stages: [{ name: "a" }, { name: "b", times: { min: 1, max: 2, optional: true } }, { name: "c" }],
      withinMs: 100,
      skip: { kind: "skipPastLastEvent" },
      measures: [
        { name: "count", value: "COUNT(b)" },
        { name: "prices", value: "COUNT(b.price)" },
        { name: "sum", value: "SUM(b.price)" },
        { name: "least", value: "MIN(b.kind)" },
        { name: "kinds", value: "CONCAT(a.kind, kind)" },
        { name: "n", value: "COALESCE(AVG(b.n), -1)" },
      ],
    });
    harness.send([event(1, "a"), event(2, "c"), event(3, "a"), event(4, "b", 4, "w", null), event(5, "c")]);
    harness.watermark(endOfTime);
    expect(harness.fields()).toMatchObject([
      { count: 0, prices: 0, sum: null, least: null, kinds: "ac", n: -1 },
      { count: 1, prices: 0, sum: null, least: "b", kinds: "ac", n: 4 },
    ]);
  });

  test("two equal events are two events", () => {
    const harness = patternHarness({ stages: [{ name: "a", times: { min: 2, max: 2 } }], withinMs: 9 });
    harness.send([event(1, "a"), event(1, "a"), event(1, "a")]);
    harness.watermark(1);
    expect(harness.rows()).toHaveLength(2);
  });

  test("without keys there is one stream", () => {
    const harness = patternHarness({ ...pair, keyBy: [] });
    harness.send([event(1, "a", 1, "x"), event(2, "b", 2, "y")]);
    harness.watermark(2);
    expect(harness.fields()).toEqual([{ match_start: 1, match_end: 2, an: 1, bn: 2 }]);
  });
});

describe("a match that is held back", () => {
  const crossing: PatternCase = {
    stages: [{ name: "a" }, { name: "c" }, { name: "b", where: "kind = 'b' AND n = a.n" }],
    withinMs: 10,
    skip: { kind: "skipToFirst", stage: "c", failWithoutStage: false },
    measures: [{ name: "n", value: "a.n" }],
  };
  const begun = [event(1, "a", 1), event(2, "c"), event(3, "a", 2), event(4, "c"), event(5, "b", 2)];

  test("comes out behind the one that began before it, with the time at which it does", () => {
    const harness = patternHarness(crossing);
    harness.run([{ records: begun }, { watermark: 5 }, { restart: true }]);
    expect(harness.rows()).toEqual([]);
    harness.run([{ records: [event(6, "b", 1)] }, { watermark: 6 }]);
    expect(lines(harness.rows())).toEqual(["1-6 n=1", "3-5 n=2"]);
    expect(harness.rows().map(({ timeMs }) => timeMs)).toEqual([6, 6]);
  });

  test("comes out at the end of the input, when nothing can complete the one before it any more", () => {
    const endless: PatternCase = { ...crossing, withinMs: null };
    for (const restart of [false, true]) {
      const harness = patternHarness(endless);
      harness.run([{ records: begun }, { watermark: 5 }, ...(restart ? [{ restart: true } as const] : [])]);
      expect(harness.rows()).toEqual([]);
      harness.watermark(endOfTime);
      expect(lines(harness.rows())).toEqual(["3-5 n=2"]);
      expect(harness.rows()[0].timeMs).toBeGreaterThan(5);
    }
    const atOnce = patternHarness(endless).run([{ records: begun }, { watermark: endOfTime }]);
    expect(atOnce.rows().map(({ timeMs }) => timeMs)).toEqual([5]);
  });

  test("comes out when the one before it has run out of time", () => {
    const harness = patternHarness(crossing);
    harness.run([{ records: begun }, { watermark: 10 }]);
    expect(harness.rows()).toEqual([]);
    harness.watermark(11);
    expect(harness.rows()).toMatchObject([{ fields: { match_start: 3, match_end: 5 }, timeMs: 11 }]);
    expect(harness.rows("timeout")).toMatchObject([{ fields: { match_start: 1 }, timeMs: 11 }]);
  });
});

test("neither batches nor watermarks change what is found among records on time", () => {
  const record = fc.tuple(fc.nat(30), fc.constantFrom("a", "b", "c"), fc.nat(3), fc.constantFrom("x", "y", null));
  const of: PatternCase = {
    stages: [
      { name: "a" },
      { name: "b", contiguity: "followedByAny", times: { min: 1, max: 2, optional: true }, where: "kind = 'b' AND n >= a.n" },
      { name: "c", contiguity: "notFollowedBy", where: "kind = 'c' AND COUNT(b) = 0" },
      { name: "d", where: "kind = 'c' AND n > 0", withinPreviousMs: 9 },
    ],
    withinMs: 12,
    measures: [...endsOf("a", "b", "d"), { name: "total", value: "SUM(b.price) + n" }],
  };
  fc.assert(
    fc.property(fc.array(record, { maxLength: 40 }), fc.integer({ min: 1, max: 7 }), (parts, every) => {
      const records = parts.map(([at, kind, n, who]) => event(at, kind, n, who));
      const sorted = records.toSorted((left, right) => Number(left.at) - Number(right.at));
      const whole = patternHarness(of).run([{ records }, { watermark: endOfTime }]);
      const pieces = sorted.flatMap((one, i) => [
        { records: [one] },
        ...(i % every === 0 ? [{ watermark: Number(one.at) - 1 }, { restart: true } as const] : []),
      ]);
      const parted = patternHarness(of, { batchRows: 3 }).run([...pieces, { watermark: endOfTime }]);
      for (const port of ["out", "timeout"]) expect(byKey(parted.rows(port))).toEqual(byKey(whole.rows(port)));
    }),
    { numRuns: 150 },
  );
});

/** Rows in order of time; of one time, those of one key stay in the order in which they came. */
function byKey(rows: readonly EmittedRow[]): readonly EmittedRow[] {
  return rows.toSorted(
    (left, right) =>
      left.timeMs - right.timeMs ||
      (String(left.fields.who) < String(right.fields.who) ? -1 : 1) * Number(left.fields.who !== right.fields.who),
  );
}

describe("state", () => {
  const noisy: PatternCase = {
    stages: [
      { name: "a", times: { min: 1, max: null, inner: "allowCombinations" } },
      { name: "b", where: "kind = 'b' AND n > SUM(a.n)" },
    ],
    withinMs: 12,
    skip: { kind: "skipToLast", stage: "a", failWithoutStage: false },
    measures: [...endsOf("a"), { name: "sum", value: "SUM(a.price)" }],
  };
  const records = [3, 1, 2, 7, 5, 4, 9, 11, 8, 14, 13, 20].map((at, i) =>
    event(at, i % 4 === 3 ? "b" : "a", at * (i % 4 === 3 ? 5 : 1), i % 3 === 0 ? "x" : "y", i === 4 ? null : at / 4),
  );
  const steps = records.flatMap((record, i) => [{ records: [record] }, ...(i % 3 === 2 ? [{ watermark: Number(record.at) - 5 }] : [])]);
  const ended = [...steps, { watermark: endOfTime }];
  const everything = (harness: ReturnType<typeof patternHarness>) => ["out", "timeout", "late"].map((port) => harness.rows(port));

  const grouped: PatternCase = {
    stages: [
      {
        name: "g",
        times: { min: 1, max: 3 },
        group: [{ name: "a" }, { name: "c", where: "kind = 'a' AND n > a.n", times: { max: null } }],
      },
      { name: "b", where: "kind = 'b' AND RUNNING SUM(b.n * 2) > SUM(n)" },
    ],
    order: [{ field: "price", descending: true }],
    withinMs: 12,
    measures: [...endsOf("a", "c"), { name: "sum", value: "SUM(c.price + c.n)" }],
  };

  test.each([
    ["of single stages", noisy],
    ["of groups", grouped],
  ])("a restart between any two steps changes nothing in a pattern %s", (_, pattern) => {
    const expected = everything(patternHarness(pattern).run(ended));
    expect(expected[0].length).toBeGreaterThan(0);
    expect(expected[1].length).toBeGreaterThan(0);
    for (let at = 0; at <= ended.length; at++) {
      const interrupted = [...ended.slice(0, at), { restart: true } as const, ...ended.slice(at)];
      expect(everything(patternHarness(pattern).run(interrupted)), `restart at ${at}`).toEqual(expected);
    }
    expect(everything(patternHarness(pattern).run(ended.flatMap((step) => [step, { restart: true } as const])))).toEqual(expected);
  });

  test("what runs share is written once", () => {
    const harness = patternHarness(noisy);
    harness.run([{ records: Array.from({ length: 10 }, (_, i) => event(1, "a", i)) }, { watermark: 1 }]);
    expect(harness.gauges().counters.runs).toBeGreaterThan(500);
    const bytes = harness.restart().length;
    expect(bytes).toBeLessThan(60_000);
    expect(harness.restart().length).toBe(bytes);
  });

  test("runs beyond the limit of a key are given up, the youngest first, and counted", () => {
    const harness = patternHarness({ stages: [{ name: "a" }, { name: "b" }], withinMs: 100, maxRunsPerKey: 2, measures: endsOf("a") });
    harness.send([event(1, "a"), event(2, "a"), event(3, "a"), event(3, "a", 3, "other"), event(4, "b")]);
    harness.watermark(4);
    expect(lines(harness.rows())).toEqual(["1-4 a_first=1 a_last=1 a_count=1", "2-4 a_first=2 a_last=2 a_count=1"]);
    expect(harness.gauges().counters.runs_dropped).toBe(1);
    harness.restart();
    expect(harness.gauges().counters).toMatchObject({ runs_dropped: 1, runs: 1 });
  });

  test("memory goes back when the runs are over", () => {
    const harness = patternHarness(pair);
    for (let round = 0; round < 20; round++) {
      harness.send(Array.from({ length: 200 }, (_, i) => event(round * 100, "a", i, `${round}-${i}`)));
      harness.watermark(round * 100 + 50);
      expect(harness.gauges().stateKeys).toBe(0);
    }
    expect(harness.rows("timeout")).toHaveLength(4000);
    expect(harness.gauges().stateBytes).toBeLessThan(300_000);
    expect(harness.restart().length).toBeLessThan(600);
  });

  test("many matches come in batches of at most 1024 rows", () => {
    const harness = patternHarness({ stages: [{ name: "a" }] });
    harness.send(Array.from({ length: 2500 }, (_, i) => event(i, "a")));
    harness.watermark(endOfTime);
    expect(harness.batchSizes).toEqual([1024, 1024, 452]);
    expect(harness.rows()).toHaveLength(2500);
  });
});
