import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PlannedRecordOperator } from "../plan/logical-plan.ts";
import { handDriven } from "../testing/plan-step.ts";
import { event, eventStepsArbitrary, expectSameHoweverBatched, recordHarness } from "./testing/record-fixture.ts";

type Sample = Extract<PlannedRecordOperator, { op: "sample" }>;

function sample(share: number, keyBy: readonly string[] = ["key"]): Sample {
  return { op: "sample", input: handDriven, keyBy, share };
}

const keys = Array.from({ length: 10_000 }, (_, i) => event(i, i, `customer-${i}`, { group: i, value: i / 4 }));

function idsIn(share: number, keyBy: readonly string[]): readonly unknown[] {
  const harness = recordHarness(sample(share, keyBy));
  harness.send(keys);
  return harness.fields().map(({ id }) => id);
}

describe("sample", () => {
  test.each([[["key"]], [["group"]], [["value", "key"]]])(
    "keeps about the share of the keys by %o; a larger share holds a smaller one",
    (keyBy) => {
      const [none, tenth, half, all] = [0, 0.1, 0.5, 1].map((share) => idsIn(share, keyBy));
      expect(none).toEqual([]);
      expect(all).toHaveLength(keys.length);
      // 5 standard deviations of a binomial distribution.
      expect(Math.abs(tenth.length - 1000)).toBeLessThan(150);
      expect(Math.abs(half.length - 5000)).toBeLessThan(250);
      expect(new Set(half).isSupersetOf(new Set(tenth))).toBe(true);
    },
  );

  test("a key is in the sample with all its records or with none, whatever came before; NULL is a key", () => {
    const steps = eventStepsArbitrary.map((all) => all.flatMap((step) => ("records" in step ? step.records : [])));
    fc.assert(
      fc.property(steps, fc.double({ min: 0, max: 1, noNaN: true }), (records, share) => {
        const harness = recordHarness(sample(share), { batchRows: 5 });
        harness.send(records);
        const kept = new Set(harness.fields().map(({ key }) => key));
        expect(harness.fields()).toEqual(records.filter(({ key }) => kept.has(key)));
      }),
      { numRuns: 60 },
    );
  });

  test("-0 is 0, and numbers are told from texts and NULL", () => {
    const harness = recordHarness(sample(0.5, ["value"]));
    const values = Array.from({ length: 64 }, (_, i) => (i % 2 === 0 ? 0 : -0));
    harness.send(values.map((value, i) => event(i, i, "a", { value })));
    expect([0, 64]).toContain(harness.rows().length);
  });

  test("the choice is the same in every version: what is sampled goes on being sampled", () => {
    expect(idsIn(0.001, ["key"])).toMatchInlineSnapshot(`
      [
        235,
        1048,
        1058,
        1532,
        3289,
        4511,
        6738,
        6774,
        7468,
        8855,
      ]
    `);
  });

  test("gives the same rows however records are batched", () => {
    fc.assert(
      fc.property(eventStepsArbitrary, (steps) => expectSameHoweverBatched(sample(0.5, ["key", "group"]), ["out"], steps, [true, false])),
      { numRuns: 30 },
    );
  });
});

test("what is left out leaves by the port rest where that is wanted", () => {
  const records = Array.from({ length: 300 }, (_, i) => event(i, i, `k${i % 40}`));
  const harness = recordHarness({ op: "sample", input: handDriven, keyBy: ["key"], share: 0.4, rest: true });
  harness.send(records);
  const kept = harness.fields("out").map(({ id }) => Number(id));
  const rest = harness.fields("rest").map(({ id }) => Number(id));
  expect([...kept, ...rest].sort((a, b) => a - b)).toEqual(records.map(({ id }) => id));
  expect(kept.length).toBeGreaterThan(0);
  const keyOf = (id: number) => id % 40;
  expect(new Set(kept.map(keyOf)).isDisjointFrom(new Set(rest.map(keyOf)))).toBe(true);
});
