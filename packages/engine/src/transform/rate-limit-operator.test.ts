import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PlannedRecordOperator } from "../plan/logical-plan.ts";
import { handDriven } from "../testing/plan-step.ts";
import {
  type Event,
  event,
  eventStepsArbitrary,
  expectAgreement,
  expectSameHoweverBatched,
  keyText,
  type OracleRows,
  type RecordOracle,
  recordHarness,
  rowOf,
} from "./testing/record-fixture.ts";

type RateLimit = Extract<PlannedRecordOperator, { op: "rate-limit" }>;

function rateLimit(of: Partial<RateLimit> = {}): RateLimit {
  return { op: "rate-limit", input: handDriven, keyBy: ["key"], limit: 2, intervalMs: 10, ...of };
}

/** Counts all records that went through and forgets nothing. */
class RateLimitOracle implements RecordOracle {
  readonly #of: RateLimit;
  readonly #passed: Event[] = [];

  constructor(of: RateLimit) {
    this.#of = of;
  }

  record(record: Event, watermark: number): OracleRows {
    const { keyBy, limit, intervalMs } = this.#of;
    const startMs = Math.floor(record.at / intervalMs) * intervalMs;
    if (startMs + intervalMs - 1 <= watermark) return { late: [rowOf(record)] };
    const same = this.#passed.filter(
      (other) => keyText(other, keyBy) === keyText(record, keyBy) && other.at >= startMs && other.at < startMs + intervalMs,
    );
    if (same.length >= limit) return { over: [rowOf(record)] };
    this.#passed.push(record);
    return { out: [rowOf(record)] };
  }

  watermark(): OracleRows {
    return {};
  }
}

const caseArbitrary = fc
  .record({
    keyBy: fc.constantFrom([], ["key"], ["key", "group"]),
    limit: fc.constantFrom(1, 2, 5),
    intervalMs: fc.constantFrom(1, 7, 10, 100),
  })
  .map(rateLimit);
const ports = ["out", "over", "late"];

describe("rate limit", () => {
  test("the first of each key and interval go through, the others are over; a record of a past interval is late", () => {
    const harness = recordHarness(rateLimit());
    harness.send([event(0, 1), event(9, 2), event(10, 3), event(5, 4), event(5, 5, null), event(6, 6, null), event(7, 7, null)]);
    harness.watermark(8);
    harness.send([event(8, 8, "b")]);
    harness.watermark(9);
    harness.send([event(9, 9), event(9, 10, "c"), event(11, 11)]);
    const ids = (port: string) => harness.fields(port).map(({ id }) => id);
    expect(ids("out")).toEqual([1, 2, 3, 5, 6, 8, 11]);
    expect(ids("over")).toEqual([4, 7]);
    expect(ids("late")).toEqual([9, 10]);
  });

  test("records without a time are counted and dropped", () => {
    const harness = recordHarness(rateLimit(), { timeOf: () => Number.NaN });
    harness.send([event(0, 1)]);
    expect(harness.rows()).toEqual([]);
    expect(harness.gauges()).toMatchObject({ stateKeys: 0, counters: { without_time: 1 } });
  });

  test.each([false, true])("agrees with an oracle that forgets nothing; restored at every step: %s", (restart) => {
    fc.assert(
      fc.property(caseArbitrary, eventStepsArbitrary, (of, steps) => {
        expect(expectAgreement(of, new RateLimitOracle(of), ports, steps, restart).gauges().stateKeys).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  test("gives the same rows however records are batched and wherever it is restored", () => {
    fc.assert(
      fc.property(caseArbitrary, eventStepsArbitrary, fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }), (of, steps, restarts) =>
        expectSameHoweverBatched(of, ports, steps, restarts),
      ),
      { numRuns: 60 },
    );
  });
});
