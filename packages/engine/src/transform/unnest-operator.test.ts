import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RowKind } from "../column/batch.ts";
import type { PlannedRecordOperator } from "../plan/logical-plan.ts";
import { handDriven, streamOf } from "../testing/plan-step.ts";
import { bigintType, stringType } from "../types/field-type.ts";
import {
  type Event,
  event,
  eventStepsArbitrary,
  expectAgreement,
  expectSameHoweverBatched,
  type OracleRows,
  type RecordOracle,
  recordHarness,
} from "./testing/record-fixture.ts";

type Unnest = Extract<PlannedRecordOperator, { op: "unnest" }>;

function unnest(of: Partial<Unnest> = {}): Unnest {
  return { op: "unnest", input: handDriven, field: "list", as: "item", position: null, keepEmpty: false, ...of };
}

class UnnestOracle implements RecordOracle {
  readonly #of: Unnest;

  constructor(of: Unnest) {
    this.#of = of;
  }

  record({ list, ...rest }: Event): OracleRows {
    const { as, position, keepEmpty } = this.#of;
    const items: readonly unknown[] = Array.isArray(list) ? list : [];
    const row = (item: unknown, at: number | null) => {
      const fields = { ...rest, [as]: item, ...(position === null ? {} : { [position]: at }) };
      return { fields, timeMs: rest.at, kind: "+I" as const };
    };
    if (items.length === 0) return keepEmpty ? { out: [row(null, null)] } : {};
    return { out: items.map((item, i) => row(item, i + 1)) };
  }

  watermark(): OracleRows {
    return {};
  }
}

const caseArbitrary = fc
  .record({
    as: fc.constantFrom("list", "item"),
    position: fc.constantFrom(null, "n"),
    keepEmpty: fc.boolean(),
  })
  .map(unnest);

describe("unnest", () => {
  test("elements take the place of the array, with the type of its elements", () => {
    const input = streamOf({ names: { kind: "array", of: stringType }, n: bigintType });
    const harness = recordHarness(unnest({ field: "names", as: "name", position: "at" }), {}, input);
    harness.send([
      { names: ["x", null, "y"], n: 1 },
      { names: [], n: 2 },
      { names: ["x"], n: 3 },
    ]);
    expect(harness.fields()).toEqual([
      { name: "x", n: 1, at: 1 },
      { name: null, n: 1, at: 2 },
      { name: "y", n: 1, at: 3 },
      { name: "x", n: 3, at: 1 },
    ]);
  });

  test("what is no array is counted; what a changelog takes back is taken back by element", () => {
    const harness = recordHarness(unnest(), { kindOf: () => RowKind.delete });
    harness.send([event(1, 1, "a", { list: { no: "list" } }), event(2, 2, "a", { list: [1, 2] })]);
    expect(harness.rows().map(({ kind, fields, timeMs }) => [kind, fields.item, timeMs])).toEqual([
      ["-D", 1, 2],
      ["-D", 2, 2],
    ]);
    expect(harness.gauges().counters).toEqual({ not_arrays: 1 });
  });

  test("one record gives more rows than a batch holds", () => {
    const harness = recordHarness(unnest({ position: "n" }));
    harness.send([event(1, 1, "a", { list: Array.from({ length: 2500 }, (_, i) => i) }), event(2, 2, "b", { list: ["z"] })]);
    expect(harness.batchSizes).toEqual([1024, 1024, 453]);
    expect(harness.fields()[2499]).toMatchObject({ id: 1, key: "a", item: 2499, n: 2500 });
    expect(harness.fields()[2500]).toMatchObject({ id: 2, key: "b", item: "z", n: 1 });
  });

  test("agrees with an oracle, restored at every step", () => {
    fc.assert(
      fc.property(caseArbitrary, eventStepsArbitrary, (of, steps) => {
        expectAgreement(of, new UnnestOracle(of), ["out"], steps, true);
      }),
      { numRuns: 60 },
    );
  });

  test("gives the same rows however records are batched", () => {
    fc.assert(
      fc.property(caseArbitrary, eventStepsArbitrary, fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }), (of, steps, restarts) =>
        expectSameHoweverBatched(of, ["out"], steps, restarts),
      ),
      { numRuns: 40 },
    );
  });
});
