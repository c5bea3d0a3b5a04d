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

type Deduplicate = Extract<PlannedRecordOperator, { op: "deduplicate" }>;

function deduplicate(of: Partial<Deduplicate> = {}): Deduplicate {
  return { op: "deduplicate", input: handDriven, keyBy: ["key"], keep: "first", ttlMs: 10, ...of };
}

/** Remembers every record that came out. */
class DeduplicateOracle implements RecordOracle {
  readonly #of: Deduplicate;
  readonly #latest = new Map<string, number>();
  duplicates = 0;

  constructor(of: Deduplicate) {
    this.#of = of;
  }

  record(record: Event, watermark: number): OracleRows {
    const key = keyText(record, this.#of.keyBy);
    const before = this.#latest.get(key);
    const known = before !== undefined && before + this.#of.ttlMs - 1 > watermark;
    const repeated = known && record.at < before + this.#of.ttlMs;
    const dropped = repeated && (this.#of.keep === "first" || record.at < before);
    if (!dropped && record.at <= watermark) return { late: [rowOf(record)] };
    if (repeated) this.duplicates++;
    if (dropped) return {};
    this.#latest.set(key, record.at);
    return { out: [rowOf(record, repeated ? "+U" : "+I")] };
  }

  watermark(): OracleRows {
    return {};
  }
}

const caseArbitrary = fc
  .record({
    keep: fc.constantFrom("first" as const, "last" as const),
    keyBy: fc.constantFrom(["key"], ["key", "group"], ["group", "ok"]),
    ttlMs: fc.constantFrom(1, 2, 10, 40, 1000),
  })
  .map(deduplicate);
const ports = ["out", "late"];

describe("deduplicate", () => {
  test("the first of a key goes on; NULL is a key; the TTL is counted from the record that went on", () => {
    const harness = recordHarness(deduplicate());
    harness.send([event(0, 1), event(9, 2), event(1, 3, null), event(2, 4, null), event(-5, 5), event(10, 6), event(19, 7)]);
    expect(harness.fields().map(({ id }) => id)).toEqual([1, 3, 6]);
    expect(harness.gauges().counters).toEqual({ duplicates: 4, without_time: 0 });
  });

  test("a late copy of a known record is a duplicate; a late record of an unknown key is late", () => {
    const harness = recordHarness(deduplicate());
    harness.send([event(0, 1)]);
    harness.watermark(8);
    harness.send([event(0, 1), event(1, 2, "b")]);
    harness.watermark(9);
    harness.send([event(0, 1)]);
    expect(harness.fields().map(({ id }) => id)).toEqual([1]);
    expect(harness.fields("late").map(({ id }) => id)).toEqual([2, 1]);
    expect(harness.gauges()).toMatchObject({ stateKeys: 0, counters: { duplicates: 1 } });
  });

  test("the last of a key replaces the ones before it, unless it is older", () => {
    const harness = recordHarness(deduplicate({ keep: "last" }));
    harness.send([event(5, 1), event(4, 2), event(5, 3), event(14, 4), event(24, 5)]);
    expect(harness.rows().map(({ kind, fields }) => `${kind} ${fields.id}`)).toEqual(["+I 1", "+U 3", "+U 4", "+I 5"]);
  });

  test("records without a time are counted and dropped", () => {
    const harness = recordHarness(deduplicate(), { timeOf: () => Number.NaN });
    harness.send([event(0, 1)]);
    expect(harness.rows()).toEqual([]);
    expect(harness.gauges()).toMatchObject({ stateKeys: 0, counters: { without_time: 1 } });
  });

  test("keys are let go with the watermark, so that state does not grow", () => {
    const harness = recordHarness(deduplicate({ ttlMs: 100 }));
    let most = 0;
    for (let i = 0; i < 200; i++) {
      harness.send(Array.from({ length: 20 }, (_, k) => event(i * 10 + (k % 7), i * 20 + k, `${i}-${k}`)));
      harness.watermark(i * 10 - 10);
      most = Math.max(most, harness.gauges().stateKeys);
    }
    expect(harness.rows()).toHaveLength(4000);
    expect(most).toBeLessThan(20 * 14);
  });

  test.each([false, true])("agrees with an oracle that forgets nothing; restored at every step: %s", (restart) => {
    fc.assert(
      fc.property(caseArbitrary, eventStepsArbitrary, (of, steps) => {
        const oracle = new DeduplicateOracle(of);
        const { stateKeys, counters } = expectAgreement(of, oracle, ports, steps, restart).gauges();
        expect({ stateKeys, duplicates: counters.duplicates }).toEqual({ stateKeys: 0, duplicates: oracle.duplicates });
      }),
      { numRuns: 150 },
    );
  });

  test.each([0, 1, 3])("is the same with at most %s keys in memory, restored at every step", (hotKeys) => {
    fc.assert(
      fc.property(caseArbitrary, eventStepsArbitrary, (of, steps) => {
        const oracle = new DeduplicateOracle(of);
        const { stateKeys, counters } = expectAgreement(of, oracle, ports, steps, true, { hotKeys }).gauges();
        expect({ stateKeys, duplicates: counters.duplicates }).toEqual({ stateKeys: 0, duplicates: oracle.duplicates });
      }),
      { numRuns: 100 },
    );
  });

  test("keys outside of memory take none of it", () => {
    const [spilling, other] = [100, undefined].map((hotKeys) => {
      const harness = recordHarness(deduplicate({ ttlMs: 1_000_000 }), hotKeys === undefined ? {} : { hotKeys });
      for (let i = 0; i < 100; i++) harness.send(Array.from({ length: 100 }, (_, k) => event(i, i * 100 + k, `key ${i * 100 + k}`)));
      return harness.gauges();
    });
    expect([spilling.stateKeys, other.stateKeys]).toEqual([10_000, 10_000]);
    expect(spilling.stateBytes).toBeLessThan(other.stateBytes / 20);
  });

  test("gives the same rows however records are batched and wherever it is restored", () => {
    fc.assert(
      fc.property(caseArbitrary, eventStepsArbitrary, fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }), (of, steps, restarts) =>
        expectSameHoweverBatched(of, ports, steps, restarts),
      ),
      { numRuns: 80 },
    );
  });
});
