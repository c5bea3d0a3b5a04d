import { checkGraph, explainPlan, type JsonObject, planGraph } from "@millrace/engine";
import { describe, expect, test } from "vitest";
import { catalogue } from "../catalogue.ts";
import { exampleCatalogue, exampleGraph } from "../testing/example-graph.ts";
import { eventPattern } from "./event-pattern.node.ts";
import { patternWords } from "./pattern-words.ts";

const a = { name: "a", where: "kind = 'a'" };
const b = { name: "b", where: "kind = 'b'" };
const endless = { min: 1, max: null };

/** The report about a pattern over records with a kind, a price and, unless `timed` is false, a time. */
function check(params: JsonObject, timed = true) {
  const record = { kind: "a", price: 1.5, who: "w", ...(timed ? { _time: 1 } : {}) };
  const example = { title: "", params: { keyBy: ["who"], within: "5m", ...params }, feed: { in: [record] }, expect: { out: [] } };
  return checkGraph(exampleGraph(eventPattern, example), exampleCatalogue(catalogue));
}

function findings(params: JsonObject, timed = true): readonly string[] {
  return check(params, timed).diagnostics.map(({ severity, code, place }) =>
    `${severity} ${code} ${place.param ?? place.port ?? ""}`.trim(),
  );
}

describe("what makes no sense is said where it stands", () => {
  test.each([
    [{ stages: [] }, ["error PARAM_MISSING stages"]],
    [{ stages: [a, { ...b, name: "a" }] }, ["error NAME_DUPLICATE stages.1.name"]],
    [{ stages: [{ ...a, where: "kind" }, b] }, ["error EXPRESSION_RESULT stages.0.where"]],
    [{ stages: [a, { ...b, where: "price > c.price" }] }, ["error UNKNOWN_FIELD stages.1.where"]],
    [{ stages: [a, { ...b, where: "price > SUM(c.price)" }] }, ["error PATTERN_STAGE_UNKNOWN stages.1.where"]],
    [{ stages: [a, { ...b, times: endless, until: "kind" }] }, ["error EXPRESSION_RESULT stages.1.until"]],
    [{ stages: [a, b], measures: [{ name: "n", value: "SUM(a.kind)" }] }, ["error AGGREGATE_ARGUMENT_TYPE measures.0.value"]],
    [{ stages: [a, b], measures: [{ name: "who", value: "COUNT(a)" }] }, ["error OUTPUT_FIELD_DUPLICATE measures.0.name"]],
    [
      { stages: [a, { ...b, contiguity: "notFollowedBy" }], measures: [{ name: "n", value: "b.price" }] },
      ["error UNKNOWN_FIELD measures.0.value"],
    ],
    [{ stages: [{ ...a, contiguity: "notNext" }, b] }, ["error PATTERN_ABSENCE_FIRST stages.0.contiguity"]],
    [{ stages: [a, { ...b, contiguity: "notFollowedBy" }], within: null }, ["error PATTERN_ABSENCE_LAST stages.1.contiguity"]],
    [{ stages: [a, { ...b, contiguity: "notNext", times: { min: 2, max: 2 } }] }, ["error PATTERN_ABSENCE_REPEATED stages.1.times"]],
    [
      { stages: [a, { ...a, name: "c", times: { min: 1, max: 1, optional: true } }, { ...b, contiguity: "notNext" }] },
      ["error PATTERN_ABSENCE_AFTER_OPTIONAL stages.2.contiguity"],
    ],
    [{ stages: [{ ...a, times: { min: 3, max: 2 } }] }, ["error PATTERN_TIMES stages.0.times.max"]],
    [{ stages: [{ ...a, times: { min: 1, max: 2 }, until: "price > 2" }] }, ["error PATTERN_UNTIL stages.0.until"]],
    [{ stages: [a, b], skip: "skipToLast", skipStage: "c" }, ["error PATTERN_SKIP_STAGE skipStage"]],
    [
      { stages: [{ ...a, times: endless }, b], within: null },
      ["error PATTERN_HELD_BACK stages.0.times.max", "warning PATTERN_WITHOUT_WITHIN stages.0"],
    ],
    [
      {
        stages: [
          { ...a, times: { ...endless, inner: "consecutive" } },
          { ...b, contiguity: "next" },
        ],
        within: null,
      },
      ["warning PATTERN_HELD_BACK_UNBROKEN stages.0.times.max"],
    ],
    [{ stages: [a, b], order: [{ field: "price", descending: true }] }, []],
    [{ stages: [a, b], order: [{ field: "prise" }] }, ["error UNKNOWN_FIELD order.0.field"]],
    [{ stages: [a, b], order: [{ field: "price" }, { field: "price" }] }, ["error NAME_DUPLICATE order.1.field"]],
    [
      {
        stages: [
          { name: "g", times: endless, group: [a, b] },
          { ...b, name: "c", where: "price > AVG(a.price)" },
        ],
      },
      [],
    ],
    [{ stages: [{ name: "g", group: [a, { ...b, name: "a" }] }] }, ["error NAME_DUPLICATE stages.0.group.1.name"]],
    [{ stages: [{ name: "g", group: [a, { ...b, where: "prise > 1" }] }] }, ["error UNKNOWN_FIELD stages.0.group.1.where"]],
    [{ stages: [a, { name: "g", group: [{ ...b, where: "price > g.price" }] }] }, ["error UNKNOWN_FIELD stages.1.group.0.where"]],
    [{ stages: [{ name: "g", group: [] }] }, ["error PARAM_MISSING stages.0.group"]],
    [{ stages: [{ name: "g", where: "price > 1", group: [a] }] }, ["error PATTERN_GROUP_WHERE stages.0.where"]],
    [
      { stages: [a, { name: "g", contiguity: "notNext", group: [b] }, { ...b, name: "c" }] },
      ["error PATTERN_GROUP_ABSENT stages.1.contiguity"],
    ],
    [
      {
        stages: [
          { name: "g", group: [a, { ...b, contiguity: "notFollowedBy" }] },
          { ...b, name: "c" },
        ],
      },
      ["error PATTERN_ABSENCE_ENDS_GROUP stages.0.group.1.contiguity"],
    ],
    [
      { stages: [{ name: "g", group: [{ ...a, times: { min: 1, max: 1, optional: true } }] }, b] },
      ["error PATTERN_GROUP_EMPTY stages.0.group"],
    ],
    [{ stages: [{ name: "g", group: [{ ...a, times: { min: 3, max: 2 } }] }] }, ["error PATTERN_TIMES stages.0.group.0.times.max"]],
    [{ stages: [{ name: "g", group: [a, b] }], skip: "skipToLast", skipStage: "b" }, []],
    [{ stages: [{ name: "g", group: [a, b] }], skip: "skipToLast", skipStage: "g" }, ["error PATTERN_SKIP_STAGE skipStage"]],
    [{ stages: [a, b], within: null }, ["warning PATTERN_WITHOUT_WITHIN stages.1"]],
    [{ stages: [a, { ...b, contiguity: "next" }], within: null }, []],
    [{ stages: [a, { ...b, contiguity: "notFollowedBy", withinPrevious: "1m" }], within: null }, []],
    [{ stages: [a, b], skip: "skipToLast", skipStage: "b", measures: [{ name: "n", value: "b.price - AVG(a.price)" }] }, []],
  ] as const)("%j", (params, expected) => {
    expect(findings(params as unknown as JsonObject)).toEqual(expected);
  });

  test("records without a time", () => {
    expect(findings({ stages: [a, b] }, false)).toEqual(["error WINDOW_NEEDS_TIME in"]);
  });
});

test("the plan says what is looked for, and decodes no field that is not read", () => {
  const { checked } = check({
    stages: [
      { ...a, times: { min: 2, max: null, inner: "consecutive" }, until: "price > 9" },
      { ...b, contiguity: "notFollowedBy", withinPrevious: "1m" },
    ],
    measures: [{ name: "last", value: "a.price" }],
  });
  const plan = checked === null ? null : planGraph(checked);
  if (plan?.ok !== true) throw new Error("the pattern is valid");
  expect(explainPlan(plan.value)).toContain(`
  by who, within 5m, skipPastLastEvent
  begin a 2 to any times consecutive where kind = 'a' until price > CAST(9 AS double)
  not followed by b where kind = 'b' within 1m of the one before
  last = LAST(a.price)
  -> out: who string, match_start timestamp, match_end timestamp, last double | event time, append, key who`);
});

test("the plan says what a group holds", () => {
  const { checked } = check({
    stages: [
      a,
      {
        name: "g",
        contiguity: "next",
        times: { min: 2, max: 3, inner: "consecutive" },
        group: [b, { ...a, name: "c", contiguity: "next" }],
      },
    ],
  });
  const plan = checked === null ? null : planGraph(checked);
  if (plan?.ok !== true) throw new Error("the pattern is valid");
  expect(explainPlan(plan.value)).toContain(`
  begin a where kind = 'a'
  next group g 2 to 3 times consecutive
    begin b where kind = 'b'
    next c where kind = 'a'
`);
});

test("headlines say the pattern, or its ends when it is long", () => {
  const words = (...params: Parameters<typeof patternWords>) => patternWords(...params);
  expect(words([{ name: "small", times: { min: 3, max: null } }, { name: "large" }], 600_000)).toBe("small ×3+ then large within 10 min");
  expect(words([{ name: "order" }, { name: "paid", contiguity: "notFollowedBy" }], 1_800_000)).toBe("order without paid within 30 min");
  expect(
    words(
      [
        { name: "x", times: { min: 2, max: 2 } },
        { name: "y", contiguity: "next", times: { min: 1, max: 3, optional: true } },
      ],
      null,
    ),
  ).toBe("x ×2 next y ×1–3?");
  const group = { name: "g", times: { min: 2, max: null }, group: [{ name: "login" }, { name: "failure" }] };
  expect(words([group, { name: "lock", contiguity: "next" }], null)).toBe("(login then failure) ×2+ next lock");
  const long = ["registered", "verified_address", "ordered_something", "paid_for_it"].map((name) => ({ name }));
  expect(words(long, 60_000)).toBe("registered … paid_for_it, 4 stages within 1 min");
  expect(words([{ name: "a".repeat(60) }, { name: "b" }], 60_000)).toBe("2 stages within 1m");
});
