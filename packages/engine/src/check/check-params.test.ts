import { expect, test } from "vitest";
import { parsePipeline } from "../graph/parse-pipeline.ts";
import { feedParams, smallDocument, smallEdges, smallNodes } from "../graph/small-document.fixture.ts";
import { smallCatalogue } from "../node/small-catalogue.fixture.ts";
import type { JsonObject, JsonValue } from "../types/json-value.ts";
import { check, edge, errors, findings, windowNode } from "./check-document.fixture.ts";
import { checkGraph } from "./check-graph.ts";

test("what is missing is to be chosen, written or added", () => {
  const report = check({
    ...smallNodes,
    orders: { type: "feed", version: 2 },
    large: { type: "filter", version: 1, params: { where: " " } },
  });
  const words = report.diagnostics
    .filter((found) => found.code === "PARAM_MISSING")
    .map((found) => `${found.place.param}: ${found.message}`);
  expect(words).toEqual([
    'path: Choose "File".',
    'fields: Add at least one entry to "Fields".',
    'where: Write an expression for "Condition".',
  ]);
  expect(report.nodes.get("large")?.headline).toBe("");
});

test.each([
  ["0s", "0s"],
  ["-1", "-1"],
  ["5m; drop", "5m; drop"],
  ["1e15", "1e15"],
  ["999999999d", "999999999d"],
])("A26: a window size of %s names the value and the limits", (size, shown) => {
  const [found, ...others] = check(windowNode({ size })).diagnostics;
  expect(others).toEqual([]);
  expect(found).toMatchObject({ code: "PARAM_INVALID", place: { node: "totals", param: "size" } });
  expect(found.message).toBe(`Size is "${shown}"; it must be a duration from 1ms to 7d, such as 5m or 1h30m.`);
});

test.each([[0], [-1], [1e15]])("A26: a window size of %d, as a number", (size) => {
  expect(check(windowNode({ size })).diagnostics[0].message).toBe(
    `Size is ${size}; it must be a duration from 1ms to 7d, such as 5m or 1h30m.`,
  );
});

test("A27: a slide longer than the size, and a slide of zero", () => {
  expect(errors(check(windowNode({ kind: "hopping", size: "1m", slide: "2m" })))).toEqual(["error WINDOW_SLIDE totals.slide"]);
  expect(errors(check(windowNode({ kind: "hopping", size: "1m", slide: "0s" })))).toEqual(["error WINDOW_SLIDE totals.slide"]);
  const [found] = check(windowNode({ kind: "hopping", size: "1m", slide: "2m" })).diagnostics;
  expect(found.message).toContain("slides by 2m but is only 1m long");
});

test("a hidden parameter that makes no sense stands in nobody's way", () => {
  expect(findings(check(windowNode({ kind: "tumbling", slide: "nonsense" })))).toEqual([]);
  expect(findings(check(windowNode({ kind: "hopping", slide: "nonsense" })))).toEqual(["error PARAM_INVALID totals.slide"]);
});

test("groups and lists have exact paths", () => {
  const report = check({
    ...smallNodes,
    orders: {
      type: "feed",
      version: 2,
      params: { ...feedParams, retry: { times: 2.5, pauze: "1s" }, headers: { "a b": "x", Host: "x" } },
    },
    totals: { type: "window", version: 1, params: { aggregates: [{ as: "1x", fn: "median" }, { as: "b" }] } },
  });
  expect(findings(report)).toEqual([
    "error PARAM_INVALID orders.retry.times",
    "error PARAM_UNKNOWN orders.retry.pauze",
    "error PARAM_INVALID orders.headers.a b",
    "error PARAM_INVALID orders.headers.Host",
    "error PARAM_INVALID totals.aggregates.0.as",
    "error PARAM_INVALID totals.aggregates.0.fn",
    "error PARAM_MISSING totals.aggregates.1.fn",
  ]);
  expect(report.diagnostics.map((found) => found.fix ?? "")).toContain("Did you mean pause?");
  expect(report.diagnostics.map((found) => found.message)).toContain(
    'Results, entry 1, function is "median"; it must be one of count, sum, avg, min, max, count_distinct, first, last.',
  );
});

test("fields exist and have a type that fits, with a suggestion for a mistyped one", () => {
  const report = check(
    {
      ...smallNodes,
      keyed: { type: "key", version: 1, params: { by: "servcie" } },
      other: { type: "key", version: 1, params: { by: "ts" } },
    },
    [...smallEdges, edge("orders", "keyed"), edge("orders", "other")],
  );
  const [unknown, type] = report.diagnostics.filter((found) => found.severity === "error").sort((a, b) => (a.code < b.code ? 1 : -1));
  expect(unknown).toMatchObject({ code: "UNKNOWN_FIELD", place: { node: "keyed", param: "by" }, fix: "Did you mean service?" });
  expect(type.message).toBe('The field "ts" is of type timestamp; string or bigint is needed here.');
});

test("a list of fields names each that is not there, and each that stands twice", () => {
  expect(errors(check(windowNode({ keyBy: ["service", "nothing", "service"] })))).toEqual([
    "error UNKNOWN_FIELD totals.keyBy.1",
    "error NAME_DUPLICATE totals.keyBy.2",
  ]);
});

test("own fields are those of the node's own schema", () => {
  const orders = (timeField: string): JsonObject => ({
    ...smallNodes,
    orders: { type: "feed", version: 2, params: { ...feedParams, timeField } },
  });
  expect(errors(check(orders("time")))).toContain("error UNKNOWN_FIELD orders.timeField");
  expect(errors(check(orders("service")))).toContain("error PARAM_FIELD_TYPE orders.timeField");
});

test("plain-text secrets block a deployment, as they are not saved", () => {
  const parsed = parsePipeline(JSON.stringify(smallDocument()), smallCatalogue);
  if (!parsed.ok) throw new Error("it was refused");
  const { pipeline } = parsed.value;
  const params = { ...feedParams, headers: { Authorization: "Bearer abc" }, password: "smtp" };
  const nodes = { ...pipeline.nodes, orders: { ...pipeline.nodes.orders, params } };
  expect(errors(checkGraph({ ...pipeline, nodes }, smallCatalogue))).toEqual(["error SECRET_PLAIN orders.headers.Authorization"]);
});

test("names in lists are unique, and not that of the port for the rest", () => {
  const twice = [{ name: "a", value: "amount" }];
  const report = check(
    {
      ...smallNodes,
      orders: {
        type: "feed",
        version: 2,
        params: { ...feedParams, fields: [...(feedParams.fields as readonly JsonValue[]), { name: "ts", type: "bigint" }] },
      },
      c: { type: "compute", version: 1, params: { fields: [...twice, ...twice] } },
      s: { type: "split", version: 1, params: { branches: [{ name: "otherwise", where: "amount > 1" }] } },
    },
    [...smallEdges, edge("orders", "c"), edge("orders", "s")],
  );
  expect(errors(report)).toContain("error NAME_DUPLICATE orders.fields.3.name");
  const clean = check(
    {
      ...smallNodes,
      c: { type: "compute", version: 1, params: { fields: [...twice, ...twice] } },
      s: { type: "split", version: 1, params: { branches: [{ name: "otherwise", where: "amount > 1" }] } },
    },
    [...smallEdges, edge("orders", "c"), edge("orders", "s")],
  );
  expect(errors(clean)).toEqual(expect.arrayContaining(["error NAME_DUPLICATE c.fields.1.name", "error NAME_RESERVED s.branches.0.name"]));
});
