import { describe, expect, test } from "vitest";
import { parsePipeline } from "../graph/parse-pipeline.ts";
import { feedParams, smallDocument, smallEdges, smallNodes } from "../graph/small-document.fixture.ts";
import { smallCatalogue } from "../node/small-catalogue.fixture.ts";
import { showType } from "../types/field-type.ts";
import type { JsonObject, JsonValue } from "../types/json-value.ts";
import type { StreamType } from "../types/stream-type.ts";
import { checkGraph } from "./check-graph.ts";
import type { CheckReport } from "./check-report.ts";

function check(nodes: JsonObject = smallNodes, edges: readonly JsonValue[] = smallEdges): CheckReport {
  const result = parsePipeline(JSON.stringify(smallDocument(nodes, edges)), smallCatalogue);
  if (!result.ok) throw new Error(result.diagnostics[0].message);
  return checkGraph(result.value.pipeline, smallCatalogue);
}

/** Findings as `severity CODE node.param` or `node:port`. */
function findings(report: CheckReport): readonly string[] {
  return report.diagnostics.map(({ severity, code, place }) => {
    const edge = place.edge === undefined ? "" : `${place.edge.from}>${place.edge.to}`;
    return `${severity} ${code} ${place.node ?? edge}${place.param === undefined ? "" : `.${place.param}`}${place.port === undefined ? "" : `:${place.port}`}`.trim();
  });
}

function errors(report: CheckReport): readonly string[] {
  return findings(report).filter((line) => line.startsWith("error"));
}

function fieldsOf(type: StreamType | null | undefined): string | undefined {
  return type?.fields.map((field) => `${field.name} ${showType(field.type)}`).join(", ");
}

const edge = (from: string, to: string): JsonObject => ({ from: `${from}.out`, to: `${to}.in` });
const windowNode = (params: JsonObject): JsonObject => ({
  ...smallNodes,
  totals: { type: "window", version: 1, params: { aggregates: [{ as: "n", fn: "count" }], ...params } },
});

test("a good graph has no findings, and types on every port", () => {
  const report = check();
  expect(findings(report)).toEqual([]);
  expect(report.checked?.nodes.map((node) => node.slug)).toEqual(["orders", "large", "totals", "kept"]);
  const totals = report.nodes.get("totals");
  expect(fieldsOf(totals?.inputTypes.in)).toBe("service string, amount double, ts timestamp");
  expect(fieldsOf(totals?.outputTypes.out)).toBe("service string, window_start timestamp, window_end timestamp, total double");
  expect(fieldsOf(totals?.outputTypes.late)).toBe("service string, amount double, ts timestamp");
  expect(fieldsOf(report.nodes.get("orders")?.outputTypes.dead_letter)).toBe("position string, reason string, raw string");
  expect(report.nodes.get("large")?.headline).toBe("amount > 100");
  expect(report.nodes.get("kept")?.params).toEqual({ url: "https://store.example/" });
});

test("an empty graph asks for a source and a sink", () => {
  const report = check({}, []);
  expect(findings(report)).toEqual(["error NO_SOURCE", "error NO_SINK"]);
  expect(report.checked).toBeNull();
});

describe("parameters", () => {
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
    expect(errors(clean)).toEqual(
      expect.arrayContaining(["error NAME_DUPLICATE c.fields.1.name", "error NAME_RESERVED s.branches.0.name"]),
    );
  });
});

describe("expressions", () => {
  test("are checked in all places, each with its path", () => {
    const report = check(
      {
        ...smallNodes,
        large: { type: "filter", version: 1, params: { where: "amount + 1" } },
        c: {
          type: "compute",
          version: 1,
          params: {
            fields: [
              { name: "a", value: "amount" },
              { name: "b", value: "nothing + 1" },
            ],
          },
        },
        s: { type: "split", version: 1, params: { branches: [{ name: "a", where: "amont > 1" }] } },
        t: { type: "alert", version: 1, params: { raiseWhen: "amount > 1", title: "{servce} is busy" } },
        totals: {
          type: "window",
          version: 1,
          params: {
            aggregates: [
              { as: "n", fn: "count", filter: "amount" },
              { as: "m", fn: "sum", argument: "service" },
              { as: "o", fn: "avg" },
            ],
          },
        },
      },
      [...smallEdges, edge("orders", "c"), edge("orders", "s"), edge("orders", "t")],
    );
    const places = report.diagnostics
      .filter((found) => found.severity === "error")
      .map((found) => `${found.place.node}.${found.place.param}`);
    expect(new Set(places)).toEqual(
      new Set([
        "large.where",
        "c.fields.1.value",
        "s.branches.0.where",
        "t.title",
        "totals.aggregates.0.filter",
        "totals.aggregates.1.argument",
        "totals.aggregates.2.argument",
      ]),
    );
    expect(report.checked).toBeNull();
  });

  test.each([
    ["sum", "service", "a number"],
    ["max", "ts IS NULL", "a number, a text"],
    ["first", "NULL", "a bare NULL"],
  ])("%s cannot be taken of %s", (fn, argument, needed) => {
    const [found, ...others] = check(windowNode({ aggregates: [{ as: "x", fn, argument }] })).diagnostics;
    expect(others).toEqual([]);
    expect(found).toMatchObject({ code: "AGGREGATE_ARGUMENT_TYPE", place: { param: "aggregates.0.argument" } });
    expect(found.message).toContain(needed);
  });

  test("a broken filter does not hide the fields from the nodes behind it", () => {
    const report = check({ ...smallNodes, large: { type: "filter", version: 1, params: { where: "amount >" } } });
    expect(report.diagnostics.every((found) => found.place.node === "large")).toBe(true);
    expect(fieldsOf(report.nodes.get("kept")?.inputTypes.in)).toBe(
      "service string, window_start timestamp, window_end timestamp, total double",
    );
  });

  test("behind a node of unknown output nothing is said about fields", () => {
    const nodes = { ...smallNodes, large: { type: "compute", version: 1, params: { fields: [{ name: "x", value: "nothing" }] } } };
    const report = check(nodes);
    expect(new Set(report.diagnostics.map((found) => found.place.node))).toEqual(new Set(["large"]));
    expect(report.nodes.get("totals")).toMatchObject({ inputTypes: { in: null }, outputTypes: { out: null, late: null } });
    expect(report.nodes.get("totals")?.params).toMatchObject({ size: 300_000 });
  });
});

describe("edges and wholes", () => {
  test("missing inputs, and nodes that lead nowhere", () => {
    const report = check({
      ...smallNodes,
      spare: { type: "filter", version: 1, params: { where: "amount > 1" } },
      idle: { type: "feed", version: 2, params: feedParams },
    });
    expect(findings(report)).toEqual(["error INPUT_MISSING spare:in", "warning NODE_UNCONNECTED idle", "warning NODE_UNCONNECTED spare"]);
    expect(report.diagnostics[1].message).toBe('"Feed" is not connected to anything.');
  });

  test("cycles and edges to nowhere are found in graphs that no parser has seen", () => {
    const parsed = parsePipeline(JSON.stringify(smallDocument()), smallCatalogue);
    if (!parsed.ok) throw new Error("it was refused");
    const { pipeline } = parsed.value;
    const merge = { type: "merge", version: 1, label: "", params: {}, disabled: false };
    const nodes = { ...pipeline.nodes, a: merge, b: merge };
    const edges = [
      ...pipeline.edges,
      { from: "a.out", to: "b.in" },
      { from: "b.out", to: "a.in" },
      { from: "x.out", to: "a.in" },
      { from: "?", to: "" },
    ];
    const report = checkGraph({ ...pipeline, nodes, edges }, smallCatalogue);
    expect(errors(report)).toEqual(["error EDGE_INVALID x.out>a.in", "error EDGE_INVALID ?>", "error EDGE_INVALID b.out>a.in"]);
    expect(report.nodes.get("totals")?.outputTypes.out).not.toBeNull();
  });

  test("an edge from a port that the params no longer make", () => {
    const split = { type: "split", version: 1, params: { branches: [{ name: "big", where: "amount > 1" }] } };
    const nodes = { ...smallNodes, s: split, more: { type: "store", version: 1 } };
    const dangling = { from: "s.small", to: "more.in" };
    const report = check(nodes, [...smallEdges, edge("orders", "s"), dangling]);
    expect(errors(report)).toEqual(["error EDGE_INVALID s.small>more.in"]);
    expect(report.diagnostics.find((found) => found.code === "EDGE_INVALID")?.message).toContain(
      's has no output port "small"; there are big, otherwise',
    );
    const broken = check({ ...nodes, s: { type: "split", version: 1, params: { branches: [{ name: "Big", where: "" }] } } }, [
      ...smallEdges,
      edge("orders", "s"),
      dangling,
    ]);
    expect(errors(broken).some((line) => line.includes("EDGE_INVALID"))).toBe(false);
    expect(broken.nodes.get("s")?.outputPorts).toEqual([{ name: "small" }]);
  });

  test("A18: a placeholder blocks the deployment, and is all that is wrong", () => {
    const report = check({ ...smallNodes, large: { type: "teleport", version: 1 } });
    expect(findings(report).slice(0, 1)).toEqual(["error NODE_TYPE_UNKNOWN large"]);
    expect(report.checked).toBeNull();
    expect(report.nodes.get("large")).toMatchObject({ definition: null, outputPorts: [{ name: "out" }] });
  });

  test("disabled nodes and what hangs on them alone are left out, without findings", () => {
    const nodes = {
      ...smallNodes,
      side: { type: "filter", version: 1, params: { where: "" }, disabled: true },
      behind: { type: "filter", version: 1, params: { where: "bad bad" } },
      all: { type: "merge", version: 1 },
      end: { type: "store", version: 1 },
    };
    const edges = [
      ...smallEdges,
      edge("orders", "side"),
      edge("side", "behind"),
      edge("behind", "all"),
      edge("orders", "all"),
      edge("all", "end"),
    ];
    const report = check(nodes, edges);
    expect(findings(report)).toEqual([]);
    expect(report.checked?.nodes.map((node) => node.slug)).toEqual(["orders", "large", "totals", "kept", "all", "end"]);
    expect(report.nodes.get("behind")).toMatchObject({ leftOut: true });
    expect(fieldsOf(report.nodes.get("side")?.inputTypes.in)).toBe("service string, amount double, ts timestamp");
  });

  test("a pipeline whose sinks hang on a disabled node has no sink", () => {
    const report = check({ ...smallNodes, large: { type: "filter", version: 1, params: { where: "amount > 1" }, disabled: true } });
    expect(errors(report)).toEqual(["error NO_SINK"]);
  });

  test("a definition that fails is reported, not passed on", () => {
    const report = check({ ...smallNodes, f: { type: "faulty", version: 1 }, end: { type: "store", version: 1 } }, [
      ...smallEdges,
      edge("orders", "f"),
      edge("f", "end"),
    ]);
    expect(report.diagnostics.map((found) => found.message)).toEqual([
      'The kind of node "faulty" failed on these parameters: no way to lower this',
    ]);
  });
});

describe("rules", () => {
  test("a window needs time", () => {
    const orders = { type: "feed", version: 2, params: { ...feedParams, timeField: null } };
    expect(errors(check({ ...smallNodes, orders }))).toEqual(["error WINDOW_NEEDS_TIME totals:in"]);
  });

  test("uneven slides are a warning, countless slices an error", () => {
    expect(findings(check(windowNode({ kind: "hopping", size: "5m", slide: "2m" })))).toEqual(["warning WINDOW_SLIDE_UNEVEN totals.slide"]);
    expect(errors(check(windowNode({ kind: "hopping", size: "1d", slide: "1s" })))).toEqual(["error WINDOW_TOO_MANY totals.slide"]);
    expect(errors(check(windowNode({ kind: "hopping", size: "5m", slide: "299999ms" })))).toEqual(["error WINDOW_TOO_MANY totals.slide"]);
    expect(findings(check(windowNode({ kind: "hopping", size: "10000s", slide: "1s" })))).toEqual([]);
  });

  test("inputs of a union have the same fields", () => {
    const nodes = {
      ...smallNodes,
      other: {
        type: "compute",
        version: 1,
        label: "Pence",
        params: {
          fields: [
            { name: "service", value: "service" },
            { name: "amount", value: "ts" },
          ],
        },
      },
      all: { type: "merge", version: 1 },
      end: { type: "store", version: 1 },
    };
    const report = check(nodes, [...smallEdges, edge("orders", "other"), edge("other", "all"), edge("orders", "all"), edge("all", "end")]);
    expect(errors(report)).toEqual(["error UNION_FIELDS_DIFFER all"]);
    expect(report.diagnostics[0].message).toBe(
      'The inputs from Feed and Pence do not have the same fields: "amount" is double in Feed and timestamp in Pence.',
    );
  });

  test("windows take final records alone; alerts take replaced ones, but none that are taken back", () => {
    const nodes = (output: string): JsonObject => ({
      ...windowNode({ output, keyBy: ["service"] }),
      again: { type: "window", version: 1, params: { aggregates: [{ as: "m", fn: "max", argument: "n" }] } },
      warn: { type: "alert", version: 1, params: { raiseWhen: "n > 1", title: "x" } },
      end: { type: "store", version: 1 },
      alerts: { type: "store", version: 1 },
    });
    const edges = [
      ...smallEdges.slice(0, 2),
      edge("totals", "kept"),
      edge("totals", "again"),
      edge("again", "end"),
      edge("totals", "warn"),
      edge("warn", "alerts"),
    ];
    expect(errors(check(nodes("append"), edges))).toEqual([]);
    expect(errors(check(nodes("update"), edges))).toEqual(["error CHANGELOG_UNSUPPORTED again:in"]);
    expect(errors(check(nodes("retract"), edges))).toEqual(["error CHANGELOG_UNSUPPORTED again:in", "error CHANGELOG_UNSUPPORTED warn:in"]);
  });

  test("an alert over tumbling windows is told that it misses bursts across a boundary", () => {
    const nodes = (kind: string): JsonObject => ({
      ...windowNode({ kind, keyBy: ["service"] }),
      some: { type: "filter", version: 1, params: { where: "n > 0" } },
      warn: { type: "alert", version: 1, params: { raiseWhen: "n > 100", title: "{service}" } },
      alerts: { type: "store", version: 1 },
    });
    const edges = [...smallEdges, edge("totals", "some"), edge("some", "warn"), edge("warn", "alerts")];
    expect(findings(check(nodes("tumbling"), edges))).toEqual(["info WINDOW_MISSES_BURST warn"]);
    expect(check(nodes("tumbling"), edges).checked).not.toBeNull();
    expect(findings(check(nodes("hopping"), edges))).toEqual([]);
  });

  test("keys are of types that can be told apart, and a key that is not there is said once", () => {
    const fields = [...(feedParams.fields as readonly JsonValue[]), { name: "extra", type: "json" }];
    const orders = { type: "feed", version: 2, params: { ...feedParams, fields } };
    expect(errors(check({ ...windowNode({ keyBy: ["service", "extra"] }), orders }))).toEqual(["error KEY_TYPE totals.keyBy.1"]);
    const keyed = (by: string): JsonObject => ({ ...windowNode({}), orders, large: { type: "key", version: 1, params: { by } } });
    expect(errors(check(keyed("nothing")))).toEqual(["error UNKNOWN_FIELD large.by"]);
  });

  test("two fields of one name, with the entry that made the second", () => {
    const report = check(
      windowNode({
        keyBy: ["service"],
        aggregates: [
          { as: "n", fn: "count" },
          { as: "service", fn: "count" },
        ],
      }),
    );
    expect(errors(report)).toEqual(["error OUTPUT_FIELD_DUPLICATE totals.aggregates.1.as"]);
    const start = check(windowNode({ aggregates: [{ as: "window_start", fn: "count" }] }));
    expect(errors(start)).toEqual(["error OUTPUT_FIELD_DUPLICATE totals.aggregates.0.as"]);
  });
});

test("a graph of a thousand nodes is checked in well under two seconds", () => {
  const slugs = Array.from({ length: 1000 }, (_, i) => `f${i}`);
  const nodes: Record<string, JsonValue> = { ...smallNodes };
  for (const slug of slugs) nodes[slug] = { type: "filter", version: 1, params: { where: "amount > 1" } };
  const edges = [...smallEdges, edge("orders", "f0"), ...slugs.slice(1).map((slug, i) => edge(slugs[i], slug))];
  const start = performance.now();
  expect(errors(check(nodes, edges))).toEqual([]);
  expect(performance.now() - start).toBeLessThan(2000);
});
