import { describe, expect, test } from "vitest";
import { parsePipeline } from "../graph/parse-pipeline.ts";
import { feedParams, smallDocument, smallEdges, smallNodes } from "../graph/small-document.fixture.ts";
import { smallCatalogue } from "../node/small-catalogue.fixture.ts";
import type { JsonValue } from "../types/json-value.ts";
import { check, edge, errors, fieldsOf, findings, windowNode } from "./check-document.fixture.ts";
import { checkGraph } from "./check-graph.ts";

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

test("a graph of a thousand nodes is checked in well under two seconds", () => {
  const slugs = Array.from({ length: 1000 }, (_, i) => `f${i}`);
  const nodes: Record<string, JsonValue> = { ...smallNodes };
  for (const slug of slugs) nodes[slug] = { type: "filter", version: 1, params: { where: "amount > 1" } };
  const edges = [...smallEdges, edge("orders", "f0"), ...slugs.slice(1).map((slug, i) => edge(slugs[i], slug))];
  const start = performance.now();
  expect(errors(check(nodes, edges))).toEqual([]);
  expect(performance.now() - start).toBeLessThan(2000);
});
