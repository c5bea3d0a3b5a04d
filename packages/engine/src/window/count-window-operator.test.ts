import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PlannedOperator } from "../plan/logical-plan.ts";
import type { EmittedRow } from "../testing/operator-harness.ts";
import { handDriven } from "../testing/plan-step.ts";
import { endOfTime } from "../time/watermark.ts";
import { aggregate, type Result, results, specsOf } from "../transform/testing/event-results.ts";
import {
  type Event,
  event,
  eventStepsArbitrary,
  events,
  expectAgreement,
  expectSameHoweverBatched,
  keyText,
  type OracleRows,
  type RecordOracle,
  recordHarness,
} from "../transform/testing/record-fixture.ts";

type CountWindow = Extract<PlannedOperator, { op: "count-window" }>;
type Case = Pick<CountWindow, "keyBy" | "size" | "slide" | "incomplete" | "ttlMs"> & { readonly results: readonly Result[] };

function countWindow({ results, ...rest }: Case): CountWindow {
  return { op: "count-window", input: handDriven, aggregates: specsOf(results), ...rest };
}

/** Keeps all records of a key and cuts windows out of the list. */
class CountOracle implements RecordOracle {
  readonly #of: Case;
  readonly #records = new Map<string, Event[]>();

  constructor(of: Case) {
    this.#of = of;
  }

  record(record: Event): OracleRows {
    const id = keyText(record, this.#of.keyBy);
    const records = [...(this.#records.get(id) ?? []), record];
    this.#records.set(id, records);
    const window = (records.length - this.#of.size) / this.#of.slide;
    return { out: window >= 0 && Number.isInteger(window) ? [this.#row(records, window)] : [] };
  }

  watermark(watermark: number): OracleRows {
    if (watermark !== endOfTime || !this.#of.incomplete) return {};
    const out: EmittedRow[] = [];
    for (const records of this.#records.values()) {
      for (let window = 0; window * this.#of.slide < records.length; window++) {
        if (window * this.#of.slide + this.#of.size > records.length) out.push(this.#row(records, window));
      }
    }
    return { out };
  }

  #row(records: readonly Event[], window: number): EmittedRow {
    const { size, slide, keyBy, results } = this.#of;
    const taken = records.slice(window * slide, window * slide + size);
    const sorted = [...taken].sort((a, b) => a.at - b.at);
    const key = Object.fromEntries(keyBy.map((name) => [name, records[0][name]]));
    return {
      fields: { ...key, window_id: window, ...Object.fromEntries(results.map((result) => [result[0], aggregate(result, sorted)])) },
      timeMs: Math.max(...taken.map(({ at }) => at)),
      kind: "+I",
    };
  }
}

const caseArbitrary: fc.Arbitrary<Case> = fc
  .record({
    keyBy: fc.constantFrom([], ["key"], ["key", "group"]),
    size: fc.constantFrom(1, 2, 3, 6, 10),
    less: fc.nat(9),
    incomplete: fc.boolean(),
    results: fc.shuffledSubarray([...results], { minLength: 1 }),
  })
  .map(({ keyBy, size, less, incomplete, results }) => ({
    keyBy,
    size,
    slide: Math.max(1, size - less),
    incomplete,
    ttlMs: null,
    results,
  }));

const pairs: Case = { keyBy: ["key"], size: 2, slide: 2, incomplete: false, ttlMs: 10, results: [["n", "count", null, null]] };

describe("count windows", () => {
  test("a key that is silent for its time to live begins anew; what it had never comes out", () => {
    const harness = recordHarness(countWindow(pairs));
    harness.send([event(0, 1), event(10, 2), event(11, 3), event(12, 4)]);
    expect(harness.take().map(({ fields, timeMs }) => [fields.window_id, timeMs])).toEqual([[0, 11]]);
    harness.restart();
    expect(harness.gauges()).toMatchObject({ stateKeys: 1, counters: { expired: 1 } });
    harness.watermark(22);
    expect(harness.gauges()).toMatchObject({ stateKeys: 0, counters: { expired: 2 } });
    harness.watermark(endOfTime);
    expect(harness.take()).toEqual([]);
  });

  test("changelogs are refused", () => {
    expect(() => recordHarness(countWindow(pairs), {}, { ...events, changelog: "retract" })).toThrow("it needs append-only input");
  });

  test.each([false, true])("agrees with an oracle that keeps all records; restored at every step: %s", (restart) => {
    fc.assert(
      fc.property(caseArbitrary, eventStepsArbitrary, (of, steps) => {
        const gauges = expectAgreement(countWindow(of), new CountOracle(of), ["out"], steps, restart).gauges();
        expect(gauges.stateKeys).toBe(0);
      }),
      { numRuns: 150 },
    );
  });

  test("gives the same rows however records are batched and wherever it is restored", () => {
    fc.assert(
      fc.property(caseArbitrary, eventStepsArbitrary, fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }), (of, steps, restarts) =>
        expectSameHoweverBatched(countWindow(of), ["out"], steps, restarts),
      ),
      { numRuns: 80 },
    );
  });
});
