import { checkGraph, type Graph, parsePipeline } from "@millrace/engine";
import { catalogue } from "@millrace/nodes";
import { expect, it } from "vitest";
import { typeRefusal } from "./type-refusal.ts";

const check = (graph: Graph) => checkGraph(graph, catalogue);

/** Logs and clicks, of which the union has the logs already; and a filter that is not finished. */
function graph(): Graph {
  const node = (type: string, params = {}) => ({ type, version: 1, params });
  const nodes = {
    logs: node("log-generator"),
    clicks: node("click-generator"),
    more_logs: node("log-generator"),
    both: node("union"),
    filter: node("filter"),
  };
  const edges = [{ from: "logs.out", to: "both.in" }];
  const parsed = parsePipeline(JSON.stringify({ formatVersion: 1, pipeline: { id: "x", name: "X", nodes, edges } }), catalogue);
  if (!parsed.ok) throw new Error(parsed.diagnostics[0].message);
  return parsed.value.pipeline;
}

const refusal = (from: string, to: string) => typeRefusal(graph(), { from, to }, check(graph()), check);

it("refuses streams that do not fit, in the words of the checker", () => {
  expect(refusal("clicks.out", "both.in")).toContain("do not have the same fields");
});

it("lets through what fits, and what only is not finished", () => {
  expect(refusal("more_logs.out", "both.in")).toBeNull();
  expect(refusal("clicks.out", "filter.in")).toBeNull();
});
