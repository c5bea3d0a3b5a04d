import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkExpression } from "../expression/check-expression.ts";
import type { TypedExpression } from "../expression/typed-expression.ts";
import type { PlannedOperator } from "../plan/logical-plan.ts";
import { compiledHarness } from "../testing/compile-operator.ts";
import { handDriven, streamOf } from "../testing/plan-step.ts";
import { bigintType, jsonType, stringType } from "../types/field-type.ts";

const texts = streamOf({ id: bigintType, text: stringType, other: stringType, list: jsonType });

function typed(text: string): TypedExpression {
  const result = checkExpression(text, texts.fields, {});
  if (!result.ok) throw new Error(result.diagnostics[0].message);
  return result.value;
}

const named = (...entries: readonly (readonly [string, string])[]) => entries.map(([name, value]) => ({ name, value: typed(value) }));
const record = (id: number, text: string | null, other: string | null = "1", list: unknown = null) => ({ id, text, other, list });
const ids = (rows: readonly Readonly<Record<string, unknown>>[]) => rows.map(({ id }) => id);

const map: PlannedOperator = {
  op: "project",
  input: handDriven,
  fields: named(["id", "id"], ["n", "CAST(text AS BIGINT)"], ["q", "10 / CAST(other AS BIGINT)"]),
  strict: true,
};

describe("a strict map", () => {
  test("parts off records on which an expression fails, each with the first reason", () => {
    const harness = compiledHarness(map, [texts]);
    harness.send([
      record(1, "7"),
      record(2, "seven"),
      record(3, "7", "0"),
      record(4, "x", "0"),
      record(5, null, "0"),
      record(6, null, null),
    ]);
    expect(harness.fields()).toEqual([
      { id: 1, n: 7, q: 10 },
      { id: 6, n: null, q: null },
    ]);
    expect(harness.fields("dead_letter")).toEqual([
      { ...record(2, "seven"), dead_letter_reason: '"n" cannot be computed although text has a value' },
      { ...record(3, "7", "0"), dead_letter_reason: '"q" cannot be computed although other has a value' },
      { ...record(4, "x", "0"), dead_letter_reason: '"n" cannot be computed although text has a value' },
      { ...record(5, null, "0"), dead_letter_reason: '"q" cannot be computed although other has a value' },
    ]);
  });

  test("lets the NULL stand where it is not strict, and plain fields and constants always", () => {
    const lenient = compiledHarness({ ...map, strict: false }, [texts]);
    lenient.send([record(2, "seven")]);
    expect(lenient.fields()).toEqual([{ id: 2, n: null, q: 10 }]);
    const plain = compiledHarness({ ...map, fields: named(["text", "text"], ["none", "CAST(NULL AS BIGINT)"]) }, [texts]);
    plain.send([record(1, null)]);
    expect(plain.fields()).toEqual([{ text: null, none: null }]);
  });
});

test("a strict filter tells what it cannot decide from what it leaves out", () => {
  const harness = compiledHarness({ op: "filter", input: handDriven, where: typed("CAST(text AS BIGINT) > 5"), strict: true }, [texts]);
  harness.send([record(1, "7"), record(2, "3"), record(3, "x"), record(4, null)]);
  expect(ids(harness.fields())).toEqual([1]);
  expect(ids(harness.fields("dead_letter"))).toEqual([3]);
});

describe("branches", () => {
  const branches = named(["small", "CAST(text AS BIGINT) < 5"], ["odd", "CAST(text AS BIGINT) % 2 = 1"]);
  const branch: PlannedOperator = { op: "branch", input: handDriven, branches };
  const records = [record(1, "3"), record(2, "4"), record(3, "7"), record(4, "8"), record(5, "x"), record(6, null)];

  test("a record goes to the first that holds, or to every one", () => {
    const first = compiledHarness(branch, [texts]);
    first.send(records);
    expect([ids(first.fields("small")), ids(first.fields("odd")), ids(first.fields("otherwise"))]).toEqual([[1, 2], [3], [4, 5, 6]]);
    const every = compiledHarness({ ...branch, every: true }, [texts]);
    every.send(records);
    expect([ids(every.fields("small")), ids(every.fields("odd")), ids(every.fields("otherwise"))]).toEqual([
      [1, 2],
      [1, 3],
      [4, 5, 6],
    ]);
  });

  test("a strict one takes what it cannot decide out of all of them", () => {
    for (const every of [false, true]) {
      const harness = compiledHarness({ ...branch, every, strict: true }, [texts]);
      harness.send(records);
      expect(ids(harness.fields("otherwise"))).toEqual([4, 6]);
      expect(ids(harness.fields("dead_letter"))).toEqual([5]);
    }
  });
});

test("a strict unnest parts off what is no array, also amid many elements", () => {
  const unnest: PlannedOperator = {
    op: "unnest",
    input: handDriven,
    field: "list",
    as: "item",
    position: null,
    keepEmpty: false,
    strict: true,
  };
  const harness = compiledHarness(unnest, [texts]);
  const many = Array.from({ length: 1500 }, (_, i) => i);
  harness.send([record(1, "a", null, many), record(2, "b", null, { no: "list" }), record(3, "c", null, [7]), record(4, "d", null, null)]);
  harness.restart();
  harness.send([record(5, "e", null, "text")]);
  expect(harness.fields()).toHaveLength(1501);
  expect(harness.fields("dead_letter")).toEqual([
    { ...record(2, "b", null, { no: "list" }), dead_letter_reason: '"list" is no array' },
    { ...record(5, "e", null, "text"), dead_letter_reason: '"list" is no array' },
  ]);
  expect(harness.gauges().counters).toEqual({ not_arrays: 2 });
});

test("every record goes one way, in batches of any size", () => {
  const recordArbitrary = fc.tuple(fc.constantFrom("1", "0", "x", "", null), fc.constantFrom("2", "0", "y", null));
  fc.assert(
    fc.property(fc.array(recordArbitrary, { maxLength: 200 }), fc.constantFrom(1, 7, 64, 1024), (values, batchRows) => {
      const harness = compiledHarness(map, [texts], { batchRows });
      const records = values.map(([text, other], id) => record(id, text, other));
      harness.send(records);
      const fails = ({ text, other }: { text: string | null; other: string | null }) =>
        (text !== null && !/^[0-9]+$/.test(text)) || (other !== null && (other === "y" || other === "0"));
      expect(ids(harness.fields())).toEqual(ids(records.filter((one) => !fails(one))));
      expect(ids(harness.fields("dead_letter"))).toEqual(ids(records.filter(fails)));
    }),
    { numRuns: 100 },
  );
});

describe("strict conditions of what keeps state", () => {
  const once = { min: 1, max: 1, optional: false, greedy: false, inner: "relaxed" } as const;
  const stage = (name: string, where: TypedExpression) =>
    ({ name, contiguity: "followedBy", where, times: once, until: null, withinPreviousMs: null }) as const;
  const big = typed("CAST(text AS BIGINT) > 5");
  const small = typed("10 / CAST(other AS BIGINT) > 5");
  const alert: PlannedOperator = {
    op: "threshold-alert",
    input: handDriven,
    keyBy: [],
    raiseWhen: big,
    clearWhen: small,
    suppressMs: 0,
    repeatMs: null,
    severity: "info",
    title: typed("'over'"),
    strict: true,
  };
  const flag: PlannedOperator = {
    op: "feature-flag",
    input: handDriven,
    keyBy: [],
    setWhen: big,
    unsetWhen: small,
    ttlMs: 1000,
    extendMs: null,
    strict: true,
  };
  const pattern: PlannedOperator = {
    op: "pattern-match",
    input: handDriven,
    keyBy: [],
    stages: [stage("big", big), stage("small", small)],
    withinMs: null,
    skip: { kind: "noSkip" },
    measures: [],
    maxRunsPerKey: 10,
    strict: true,
  };
  const events = [record(1, "7", "5"), record(2, "seven", "1"), record(3, "1", "0"), record(4, "1", "1")];
  const names = {
    "threshold-alert": ["raiseWhen", "clearWhen"],
    "feature-flag": ["setWhen", "unsetWhen"],
    "pattern-match": ["big", "small"],
  };

  test.each([alert, flag, pattern])("$op: what fails goes to the dead letters and touches no state, over restarts too", (operator) => {
    if (operator.op !== "threshold-alert" && operator.op !== "feature-flag" && operator.op !== "pattern-match") throw new Error("which?");
    for (const restarts of [false, true]) {
      const harness = compiledHarness(operator, [texts], { timeOf: ({ id }) => Number(id) * 10 });
      for (const event of events) {
        harness.send([event]);
        if (restarts) harness.restart();
      }
      harness.watermark(100);
      expect(harness.fields("dead_letter").map(({ id, dead_letter_reason }) => [id, dead_letter_reason])).toEqual([
        [2, `"${names[operator.op][0]}" cannot be computed although text has a value`],
        [3, `"${names[operator.op][1]}" cannot be computed although other has a value`],
      ]);
      expect(harness.fields()).toHaveLength(operator.op === "pattern-match" ? 1 : 2);
    }
  });

  test("as they are not strict, a condition that fails is one that is not TRUE", () => {
    const { strict: _, ...lenient } = alert;
    const harness = compiledHarness(lenient, [texts]);
    harness.send(events);
    expect(harness.fields().map(({ transition }) => transition)).toEqual(["raised", "cleared"]);
    expect(harness.ports).toEqual(["out"]);
  });
});
