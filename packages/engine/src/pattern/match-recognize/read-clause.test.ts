import { describe, expect, test } from "vitest";
import type { EventPatternParams } from "./event-pattern-params.ts";
import { readMatchRecognize } from "./read-clause.ts";

function read(text: string): EventPatternParams {
  const result = readMatchRecognize(text, "at");
  if (!result.ok) throw new Error(result.diagnostics.map(({ message }) => message).join("\n"));
  return result.value;
}

test("a clause in a query becomes the parameters of an event pattern", () => {
  const sql = `
    SELECT * FROM payments -- of cards
    MATCH_RECOGNIZE (
      PARTITION BY card, \`from\`
      ORDER BY at ASC, amount DESC, id
      MEASURES COUNT(small.*) AS tries, FINAL LAST(large.amount) AS amount, id AS id
      ONE ROW PER MATCH
      AFTER MATCH SKIP TO LAST large
      PATTERN (small{3,} unsure?? large) WITHIN INTERVAL '10' MINUTE
      DEFINE
        small AS small.amount < 5,
        large AS amount > 100 * AVG(small.amount)
    ) AS t`;
  expect(read(sql)).toEqual({
    keyBy: ["card", "from"],
    order: [
      { field: "amount", descending: true },
      { field: "id", descending: false },
    ],
    stages: [
      { name: "small", where: "amount < 5", times: { min: 3, max: null, greedy: true, inner: "consecutive" } },
      { name: "unsure", contiguity: "next", times: { min: 1, max: 1, optional: true } },
      { name: "large", contiguity: "next", where: "amount > 100 * AVG(small.amount)" },
    ],
    within: "10m",
    measures: [
      { name: "tries", value: "COUNT(small.*)" },
      { name: "amount", value: "large.amount" },
      { name: "id", value: "id" },
    ],
    skip: "skipToLast",
    skipStage: "large",
  });
});

describe("quantifiers", () => {
  test.each([
    ["a*", { min: 1, max: null, optional: true, greedy: true, inner: "consecutive" }],
    ["a+?", { min: 1, max: null, inner: "consecutive" }],
    ["a?", { min: 1, max: 1, optional: true }],
    ["a{4}", { min: 4, max: 4, inner: "consecutive" }],
    ["a{0,2}", { min: 1, max: 2, optional: true, greedy: true, inner: "consecutive" }],
    ["a{,3}?", { min: 1, max: 3, optional: true, inner: "consecutive" }],
    ["a{2,}", { min: 2, max: null, greedy: true, inner: "consecutive" }],
  ] as const)("%s", (element, times) => {
    expect(read(`PATTERN (${element} b)`).stages[0].times).toEqual(times);
  });
});

test("parentheses with a quantifier are groups, those without mean nothing", () => {
  const next = { contiguity: "next" } as const;
  const times = (min: number, max: number | null) => ({ min, max, inner: "consecutive" }) as const;
  expect(read("PATTERN ((a (b c){2}) ((d){3,})?? group_1)").stages).toEqual(
    [
      { name: "a" },
      { name: "group_2", ...next, times: times(2, 2), group: [{ name: "b" }, { name: "c", ...next }] },
      { name: "d", ...next, times: { ...times(3, null), optional: true } },
      { name: "group_1", ...next },
    ].map((stage) => (stage.name === "d" ? expect.objectContaining({ name: "group_3" }) : stage)),
  );
  expect(read("PATTERN (a (d{3,}?)?? e) DEFINE d AS n > PREV(n, 1)").stages[1]).toEqual({
    name: "d",
    ...next,
    where: "n > LAST(n)",
    times: { ...times(3, null), optional: true },
  });
  expect(read("PATTERN ((a b)* c) DEFINE b AS n > PREV(n)").stages[0]).toMatchObject({
    name: "group_1",
    times: { min: 1, max: null, optional: true, greedy: true, inner: "consecutive" },
    group: [{ name: "a" }, { name: "b", contiguity: "next", where: "n > LAST(n)" }],
  });
});

describe("in a DEFINE the row that is tested counts as a row of its variable", () => {
  test.each([
    ["n > 1 AND b.n > 2", "n > 1 AND n > 2"],
    ["n > LAST(b.n)", "n > n"],
    ["n > LAST(b.n, 1)", "n > b.n"],
    ["LAST(n, 1) < LAST(b.n, 3)", "LAST(n) < LAST(b.n, 2)"],
    ["AVG(b.n) > SUM(a.n)", "RUNNING AVG(b.n) > SUM(a.n)"],
    ["RUNNING FIRST(b.n) = FIRST(n, 2)", "RUNNING FIRST(b.n) = RUNNING FIRST(n, 2)"],
    ["COUNT(*) > COUNT(a.*)", "RUNNING COUNT(*) > COUNT(a.*)"],
    ["SUM(b.n * b.m) > MAX(a.n + a.m)", "RUNNING SUM(b.n * b.m) > MAX(a.n + a.m)"],
    ["n > PREV(n) AND n > PREV(b.n, 1)", "n > LAST(n) AND n > LAST(n)"],
    ["LAST(b.n * 2) > a.n", "(n * 2) > a.n"],
    ["CASE WHEN b.n IS NULL THEN TRUE ELSE CAST(b.n AS DOUBLE) > 1 END", "CASE WHEN n IS NULL THEN TRUE ELSE CAST(n AS DOUBLE) > 1 END"],
  ])("%s", (condition, where) => {
    expect(read(`PATTERN (a b) DEFINE b AS ${condition}`).stages[1].where).toBe(where);
  });
});

test("rows that are passed over become stages that follow with then", () => {
  const stages = (define: string, measures = "b.n AS n") =>
    read(`MEASURES ${measures} PATTERN (a skip_b*? b) DEFINE skip_b AS ${define}, b AS n > LAST(b.n, 1)`).stages;
  expect(stages("(n > LAST(b.n)) IS NOT TRUE")).toEqual([{ name: "a" }, { name: "b", where: "n > b.n" }]);
  expect(stages("(n > 2) IS NOT TRUE")).toHaveLength(3);
  expect(stages("(n > LAST(b.n)) IS NOT TRUE", "LAST(skip_b.n) AS n")).toHaveLength(3);
  expect(stages("(n > LAST(b.n)) IS NOT TRUE", "COUNT(*) AS n")).toHaveLength(3);
});

test("where a match ends is not said twice", () => {
  const clause = "ORDER BY at MEASURES FIRST(at) AS match_start, LAST(at) AS match_end, a.n AS n PATTERN (a b)";
  expect(read(clause).measures).toEqual([{ name: "n", value: "a.n" }]);
});

describe("what cannot be read or said is told at its place", () => {
  test.each([
    ["PATTERN (a | b)", "MATCH_RECOGNIZE_UNREADABLE", "|"],
    ["PATTERN (^ a b)", "MATCH_RECOGNIZE_UNREADABLE", "^"],
    ["PATTERN (a {- b -} c)", "MATCH_RECOGNIZE_UNREADABLE", "{"],
    ["PATTERN (PERMUTE(a, b))", "MATCH_RECOGNIZE_UNREADABLE", "PERMUTE"],
    ["ALL ROWS PER MATCH PATTERN (a b)", "MATCH_RECOGNIZE_UNREADABLE", "ALL"],
    ["PATTERN (a b) SUBSET u = (a, b)", "MATCH_RECOGNIZE_UNREADABLE", "SUBSET"],
    ["PATTERN (a b+)", "MATCH_RECOGNIZE_UNREADABLE", "b"],
    ["PATTERN (a b? c*?)", "MATCH_RECOGNIZE_UNREADABLE", "b"],
    ["PATTERN (a ((((b c)+)+)+)+ d)", "MATCH_RECOGNIZE_UNREADABLE", "("],
    ["PATTERN (a (b c)+)", "MATCH_RECOGNIZE_UNREADABLE", "(b c)+"],
    ["PATTERN (a (b c+))", "MATCH_RECOGNIZE_UNREADABLE", "c"],
    ["PATTERN (a b a)", "MATCH_RECOGNIZE_UNREADABLE", "a"],
    ["PATTERN (a b{0} c)", "MATCH_RECOGNIZE_UNREADABLE", "b"],
    ["PATTERN (a `b-c`)", "MATCH_RECOGNIZE_UNREADABLE", "`b-c`"],
    ["PATTERN (a b) DEFINE a AS n > NEXT(n)", "MATCH_RECOGNIZE_UNREADABLE", "NEXT(n)"],
    ["PATTERN (a+ b) DEFINE a AS n > PREV(n)", "MATCH_RECOGNIZE_UNREADABLE", "PREV(n)"],
    ["PATTERN (a? b) DEFINE b AS n > PREV(n)", "MATCH_RECOGNIZE_UNREADABLE", "PREV(n)"],
    ["PATTERN (a b) DEFINE b AS n > PREV(a.n)", "MATCH_RECOGNIZE_UNREADABLE", "PREV(a.n)"],
    ["MEASURES CLASSIFIER() AS c PATTERN (a b)", "MATCH_RECOGNIZE_UNREADABLE", "CLASSIFIER()"],
    ["AFTER MATCH SKIP TO FIRST a PATTERN (a+ b)", "MATCH_RECOGNIZE_UNREADABLE", "a"],
    ["AFTER MATCH SKIP TO c PATTERN (a b)", "MATCH_RECOGNIZE_VARIABLE", "c"],
    ["PATTERN (a b) DEFINE c AS TRUE", "MATCH_RECOGNIZE_VARIABLE", "c"],
    ["ORDER BY id PATTERN (a b)", "MATCH_RECOGNIZE_ORDER", "id"],
    ["ORDER BY at DESC PATTERN (a b)", "MATCH_RECOGNIZE_UNREADABLE", "at"],
    ["PATTERN (a b", "MATCH_RECOGNIZE_SYNTAX", ""],
    ["PATTERN ()", "MATCH_RECOGNIZE_SYNTAX", ""],
    ["PATTERN (a{101} b)", "MATCH_RECOGNIZE_SYNTAX", "101"],
    ["PATTERN (a b) WITHIN 5", "MATCH_RECOGNIZE_SYNTAX", "5"],
    ["PATTERN (a b) DEFINE a AS", "MATCH_RECOGNIZE_SYNTAX", ""],
    ["MEASURES a.n PATTERN (a b)", "MATCH_RECOGNIZE_SYNTAX", "PATTERN"],
    ["PATTERN (a b) DEFINE a AS n >", "EXPRESSION_SYNTAX", ""],
    ["PATTERN (a b) DEFINE a AS n == 1", "EXPRESSION_CHARACTER", "=="],
    ["SELECT 1", "MATCH_RECOGNIZE_SYNTAX", "SELECT"],
    ["", "MATCH_RECOGNIZE_SYNTAX", ""],
  ])("%s", (text, code, at) => {
    const result = readMatchRecognize(text, "at");
    if (result.ok) throw new Error(`${text} was read`);
    const [{ place, ...found }] = result.diagnostics;
    expect({ code: found.code, at: text.slice(place.span?.start, place.span?.end).trim() }).toEqual({ code, at });
  });
});
