import { expect, test } from "vitest";
import { record } from "./document-reader.ts";
import type { Graph, GraphNode } from "./graph.ts";
import { defaultSettings } from "./pipeline-settings.ts";
import { downstreamOf, findCycle, topologicalOrder, upstreamOf, wouldCycle } from "./topology.ts";

/** A graph from pairs such as `a>b`. */
function graph(...pairs: readonly string[]): Graph {
  const node: GraphNode = { type: "merge", version: 1, label: "", params: {}, disabled: false };
  const slugs = new Set(pairs.flatMap((pair) => pair.split(">")));
  const edges = pairs
    .filter((pair) => pair.includes(">"))
    .map((pair) => ({ from: `${pair.split(">")[0]}.out`, to: `${pair.split(">")[1]}.in` }));
  return {
    id: "g",
    name: "G",
    description: "",
    settings: defaultSettings,
    nodes: record([...slugs].map((slug) => [slug, node] as const)),
    edges,
    tests: [],
  };
}

const diamond = graph("d>e", "b>d", "c>d", "a>b", "a>c", "x");

test("orders nodes so that every edge leads forward", () => {
  expect(topologicalOrder(diamond)).toEqual({ order: ["a", "x", "b", "c", "d", "e"], cyclic: [] });
});

test("finds all that is upstream and downstream", () => {
  expect([...upstreamOf(diamond, "d")].sort()).toEqual(["a", "b", "c"]);
  expect([...downstreamOf(diamond, "b")].sort()).toEqual(["d", "e"]);
  expect([...upstreamOf(diamond, "nobody")]).toEqual([]);
});

test("knows which edges would close a cycle", () => {
  expect(wouldCycle(diamond, "e", "a")).toBe(true);
  expect(wouldCycle(diamond, "a", "a")).toBe(true);
  expect(wouldCycle(diamond, "a", "e")).toBe(false);
  expect(wouldCycle(diamond, "x", "a")).toBe(false);
});

test("separates nodes on and behind a cycle, and names one cycle alone", () => {
  const cyclic = graph("a>b", "b>c", "c>b", "c>d", "d>e");
  expect(topologicalOrder(cyclic)).toEqual({ order: ["a"], cyclic: ["b", "c", "d", "e"] });
  expect(findCycle(cyclic)).toEqual(["b", "c"]);
  expect(findCycle(graph("z>m", "m>k", "k>z"))).toEqual(["k", "z", "m"]);
  expect(findCycle(diamond)).toBeNull();
});

test("edges that join nothing are left out", () => {
  const odd = { ...diamond, edges: [...diamond.edges, { from: "ghost.out", to: "a.in" }, { from: "e", to: "a.in" }] };
  expect(topologicalOrder(odd)).toEqual(topologicalOrder(diamond));
});
