import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PlannedRecordOperator } from "../plan/logical-plan.ts";
import { handDriven } from "../testing/plan-step.ts";
import { aggregate, type Result, results, specsOf } from "../transform/testing/event-results.ts";
import {
  type Event,
  event,
  eventStepsArbitrary,
  expectAgreement,
  expectSameHoweverBatched,
  inOrder,
  keyText,
  type OracleRows,
  type RecordOracle,
  recordHarness,
  rowOf,
} from "../transform/testing/record-fixture.ts";

type LookBack = Extract<PlannedRecordOperator, { op: "look-back" }>;

interface Case {
  readonly keyBy: readonly string[];
  readonly rangeMs: number;
  readonly results: readonly Result[];
}

function lookBack({ keyBy, rangeMs, results }: Case): LookBack {
  return { op: "look-back", input: handDriven, keyBy, rangeMs, aggregates: specsOf(results) };
}

/** Keeps all records on time and looks at all of them for each. */
class LookBackOracle implements RecordOracle {
  readonly #of: Case;
  readonly #records: Event[] = [];
  readonly #waiting: Event[] = [];

  constructor(of: Case) {
    this.#of = of;
  }

  record(record: Event, watermark: number): OracleRows {
    if (record.at <= watermark) return { late: [rowOf(record)] };
    this.#records.push(record);
    this.#waiting.push(record);
    return {};
  }

  watermark(watermark: number): OracleRows {
    const due = this.#waiting.filter((record) => record.at <= watermark).sort((a, b) => a.at - b.at);
    this.#waiting.splice(0, this.#waiting.length, ...this.#waiting.filter((record) => record.at > watermark));
    return { out: due.map((record) => this.#row(record)) };
  }

  #row(record: Event) {
    const { keyBy, rangeMs } = this.#of;
    const key = keyText(record, keyBy);
    const inRange = this.#records
      .filter((other) => keyText(other, keyBy) === key && other.at > record.at - rangeMs && other.at <= record.at)
      .sort((a, b) => a.at - b.at);
    return rowOf(record, "+I", Object.fromEntries(this.#of.results.map((result) => [result[0], aggregate(result, inRange)])));
  }
}

/** Those that are subtracted again, so that records enter and leave many at a time where there are no others. */
const totals = results.filter(([as]) => ["n", "good", "groups"].includes(as));

const caseArbitrary: fc.Arbitrary<Case> = fc.record({
  keyBy: fc.constantFrom([], ["key"], ["key", "group"]),
  rangeMs: fc.constantFrom(1, 2, 7, 30, 1000),
  results: fc.oneof(fc.shuffledSubarray([...results], { minLength: 1 }), fc.shuffledSubarray(totals, { minLength: 1 })),
});
const ports = ["out", "late"];
const count: Case = { keyBy: ["key"], rangeMs: 10, results: [["n", "count", null, null]] };

describe("look-back", () => {
  test("the range ends with the record and begins behind t - range; peers count each other, also those that came later", () => {
    const harness = recordHarness(lookBack(count));
    harness.send([event(10, 1), event(20, 2), event(11, 3), event(20, 4), event(15, 5, "b")]);
    expect(harness.rows()).toEqual([]);
    expect(harness.gauges().bufferedRecords).toBe(5);
    harness.watermark(20);
    expect(harness.fields().map(({ id, n }) => [id, n])).toEqual([
      [1, 1],
      [3, 2],
      [5, 1],
      [2, 3],
      [4, 3],
    ]);
  });

  test("a record at the watermark is late and counts nowhere", () => {
    const harness = recordHarness(lookBack(count));
    harness.send([event(5, 1)]);
    harness.watermark(7);
    harness.send([event(7, 2), event(8, 3)]);
    harness.watermark(9);
    expect(harness.fields("late").map(({ id }) => id)).toEqual([2]);
    expect(harness.fields().map(({ id, n }) => [id, n])).toEqual([
      [1, 1],
      [3, 2],
    ]);
  });

  test("records that are due with the watermark right behind them come out at once, behind those that wait", () => {
    const harness = recordHarness(lookBack(count));
    const out = () => harness.take().map(({ fields: { id, n } }) => [id, n]);
    harness.send([event(1, 1), event(2, 2), event(2, 3), event(3, 4)], 0, 2);
    expect(out()).toEqual([
      [1, 1],
      [2, 3],
      [3, 3],
    ]);
    expect(harness.gauges().bufferedRecords).toBe(1);
    harness.watermark(2);
    harness.send([event(4, 5), event(11, 6), event(12, 7)], 0, 11);
    expect(out()).toEqual([
      [4, 4],
      [5, 5],
      [6, 5],
    ]);
    // Of a time that one waits with, or not in order: they wait as well.
    harness.watermark(11);
    harness.send([event(12, 8), event(13, 9)], 0, 13);
    expect(out()).toEqual([]);
    harness.watermark(13);
    harness.send([event(15, 10), event(14, 11)], 0, 15);
    expect(out().map(([id]) => id)).toEqual([7, 8, 9]);
    harness.watermark(15);
    expect(out().map(([id]) => id)).toEqual([11, 10]);
  });

  test("rows are the same whether or not the watermark is known before it comes", () => {
    fc.assert(
      fc.property(caseArbitrary, eventStepsArbitrary, fc.constantFrom(0, 1, 4), (of, steps, disorderMs) => {
        const ordered = inOrder(steps, disorderMs);
        const known = recordHarness(lookBack(of)).run(ordered);
        const unknown = recordHarness(lookBack(of));
        for (const step of ordered) unknown.run([step]);
        for (const port of ports) expect(known.rows(port)).toEqual(unknown.rows(port));
      }),
      { numRuns: 150 },
    );
  });

  test("NULL is a key of its own", () => {
    const harness = recordHarness(lookBack(count));
    harness.send([event(1, 1, null), event(2, 2, "null"), event(3, 3, null)]);
    harness.watermark(3);
    expect(harness.fields().map(({ n }) => n)).toEqual([1, 1, 2]);
  });

  test("more records than a batch holds come out at once", () => {
    const harness = recordHarness(lookBack({ ...count, rangeMs: 100 }));
    harness.send(Array.from({ length: 3000 }, (_, i) => event(2999 - i, i)));
    harness.watermark(5000);
    expect(harness.fields()).toHaveLength(3000);
    expect(harness.fields().slice(99)).toSatisfy((rows: readonly { n: number }[]) => rows.every(({ n }) => n === 100));
    expect(harness.batchSizes).toEqual([1024, 1024, 952]);
    expect(harness.gauges()).toMatchObject({ stateKeys: 0, bufferedRecords: 0, counters: { in_range: 0 } });
  });

  test("more records of one time than a batch holds count each other", () => {
    const harness = recordHarness(lookBack(count));
    const at = (time: number, from: number, most: number) =>
      Array.from({ length: most }, (_, i) => event(time, from + i, i % 3 === 0 ? "a" : "b"));
    harness.send([...at(5, 0, 3), ...at(7, 10, 3000), ...at(8, 5000, 3), ...at(17, 6000, 3)]);
    harness.watermark(20);
    const rows = harness.fields().map(({ key, n }) => `${key} ${n}`);
    expect(rows.slice(0, 3)).toEqual(["a 1", "b 2", "b 2"]);
    expect(rows.slice(3, -6)).toSatisfy((those: readonly string[]) => those.every((row) => row === "a 1001" || row === "b 2002"));
    expect(rows.slice(-6)).toEqual(["a 1002", "b 2004", "b 2004", "a 2", "b 4", "b 4"]);
  });

  test.each([false, true])("agrees with an oracle that looks at all records; restored at every step: %s", (restart) => {
    fc.assert(
      fc.property(caseArbitrary, eventStepsArbitrary, (of, steps) => {
        const gauges = expectAgreement(lookBack(of), new LookBackOracle(of), ports, steps, restart).gauges();
        expect(gauges).toMatchObject({ stateKeys: 0, bufferedRecords: 0, counters: { in_range: 0 } });
      }),
      { numRuns: 150 },
    );
  });

  test.each([false, true])(
    "totals of whole numbers stay exact when they become too large to be exact alone; restored at every step: %s",
    (restart) => {
      const of: Case = {
        keyBy: ["key"],
        rangeMs: 30,
        results: [
          ["n", "count", null, null],
          ["total", "sum", "group", null],
          ["good", "sum", "group", "ok"],
          ["mean", "avg", "group", null],
        ],
      };
      fc.assert(
        fc.property(eventStepsArbitrary, fc.nat(100), (steps, first) => {
          const grown = steps.map((step) =>
            "watermark" in step
              ? step
              : {
                  records: step.records.map((each) =>
                    each.group === 1 && each.id >= first ? { ...each, group: 2 ** 52 + each.id } : each,
                  ),
                },
          );
          expectAgreement(lookBack(of), new LookBackOracle(of), ports, grown, restart);
        }),
        { numRuns: 150 },
      );
    },
  );

  test("gives the same rows however records are batched and wherever it is restored", () => {
    fc.assert(
      fc.property(caseArbitrary, eventStepsArbitrary, fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }), (of, steps, restarts) =>
        expectSameHoweverBatched(lookBack(of), ports, steps, restarts),
      ),
      { numRuns: 80 },
    );
  });
});
