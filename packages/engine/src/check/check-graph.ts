import { type Diagnostic, error } from "../diagnostics/diagnostic.ts";
import { edgeReasons } from "../diagnostics/edge-reasons.ts";
import { edgeProblems } from "../graph/edge-problems.ts";
import type { Graph, GraphEdge } from "../graph/graph.ts";
import { compareText, type PortRef, parsePortRef } from "../graph/port-ref.ts";
import { topologicalOrder } from "../graph/topology.ts";
import type { Catalogue } from "../node/catalogue.ts";
import { checkNode, type NodeOutcome } from "./check-node.ts";
import type { CheckReport, NodeReport } from "./check-report.ts";
import { type CheckedNode, loweredOutput } from "./checked-graph.ts";
import type { IncomingEdge } from "./incoming-edge.ts";
import { OperatorTable } from "./lower-node.ts";
import type { GraphRule } from "./rules/graph-rule.ts";
import { ownOutput } from "./rules/own-output.ts";
import { sourceAndSink } from "./rules/source-and-sink.ts";
import { unconnectedNodes } from "./rules/unconnected-nodes.ts";

const graphRules: readonly GraphRule[] = [sourceAndSink, unconnectedNodes, ownOutput];

/**
 * Checks a graph node by node in topological order: params, fields, expressions, types, and the rules.
 * Total: whatever is wrong, every node gets its report, and nodes behind a broken one are checked as far as
 * their inputs are known. `checked` is null as soon as there is one error.
 */
export function checkGraph(graph: Graph, catalogue: Catalogue): CheckReport {
  const broken = edgeProblems(graph, catalogue);
  const isBroken = new Set<GraphEdge>(broken.map((problem) => problem.edge));
  const edges = graph.edges.filter((edge) => !isBroken.has(edge)).map(withEnds);
  const { order, cyclic } = topologicalOrder(graph);
  const connected = new Set(graph.edges.flatMap((edge) => [edge.from, edge.to]));
  const outcomes = checkNodes(graph, catalogue, edges, connected, [...order, ...cyclic]);
  const nodes = new Map<string, NodeReport>([...outcomes].map(([slug, outcome]) => [slug, outcome.report]));
  const labelOf = (slug: string): string => labelIn(graph, catalogue, slug);
  const diagnostics = [
    ...[...nodes.values()].flatMap((node) => node.diagnostics),
    ...broken.map(({ edge, reason }) => error("EDGE_INVALID", { ...edge, reason }, { edge })),
    ...edges.flatMap((edge) => danglingEdge(edge, nodes)),
    ...graphRules.flatMap((rule) => rule({ graph, nodes, connected, labelOf })),
  ];
  const failed = diagnostics.some((found) => found.severity === "error");
  return { diagnostics, nodes, checked: failed ? null : { graph, nodes: checkedNodes(outcomes) } };
}

interface LinkedEdge {
  readonly edge: GraphEdge;
  readonly from: PortRef;
  readonly to: PortRef;
}

/** Edges with their ends; only good ones come here. */
function withEnds(edge: GraphEdge): LinkedEdge {
  const nowhere: PortRef = { node: "", port: "" };
  return { edge, from: parsePortRef(edge.from) ?? nowhere, to: parsePortRef(edge.to) ?? nowhere };
}

function checkNodes(
  graph: Graph,
  catalogue: Catalogue,
  edges: readonly LinkedEdge[],
  connected: ReadonlySet<string>,
  order: readonly string[],
): ReadonlyMap<string, NodeOutcome> {
  const outcomes = new Map<string, NodeOutcome>();
  const operators = new OperatorTable();
  const labelOf = (slug: string): string => labelIn(graph, catalogue, slug);
  const into = byNode(edges, (edge) => edge.to);
  const outOf = byNode(edges, (edge) => edge.from);
  for (const slug of order) {
    const node = graph.nodes[slug];
    const incoming = (into.get(slug) ?? []).map((edge) => incomingEdge(edge, outcomes));
    const usedPorts = [...new Set((outOf.get(slug) ?? []).map((edge) => edge.from.port))].sort(compareText);
    const leftOut = node.disabled || (incoming.length > 0 && incoming.every((edge) => edge.leftOut));
    outcomes.set(slug, checkNode({ slug, node, catalogue, incoming, connected, usedPorts, leftOut, operators, labelOf }));
  }
  return outcomes;
}

function byNode(edges: readonly LinkedEdge[], endOf: (edge: LinkedEdge) => PortRef): ReadonlyMap<string, readonly LinkedEdge[]> {
  const grouped = new Map<string, LinkedEdge[]>();
  for (const edge of edges) {
    const { node } = endOf(edge);
    const group = grouped.get(node);
    if (group === undefined) grouped.set(node, [edge]);
    else group.push(edge);
  }
  return grouped;
}

function incomingEdge({ edge, from, to }: LinkedEdge, outcomes: ReadonlyMap<string, NodeOutcome>): IncomingEdge {
  const before = outcomes.get(from.node);
  const lowered = before?.lowered ?? null;
  return {
    edge,
    from,
    toPort: to.port,
    output: lowered === null ? null : loweredOutput(lowered, from.port),
    type: before?.report.outputTypes[from.port] ?? null,
    leftOut: before?.report.leftOut ?? false,
  };
}

/** An edge that starts at a port which the params of its node no longer make. */
function danglingEdge({ edge, from }: LinkedEdge, nodes: ReadonlyMap<string, NodeReport>): readonly Diagnostic[] {
  const report = nodes.get(from.node);
  if (report === undefined || report.outputPorts.some((port) => port.name === from.port)) return [];
  const ports = report.outputPorts.map((port) => port.name);
  const reason = edgeReasons.noPort({ ...from, side: "output", ports });
  return [error("EDGE_INVALID", { ...edge, reason }, { edge })];
}

function checkedNodes(outcomes: ReadonlyMap<string, NodeOutcome>): readonly CheckedNode[] {
  const checked: CheckedNode[] = [];
  for (const { report, lowered, inputTypes } of outcomes.values()) {
    const { slug, definition, params, outputPorts, outputTypes, leftOut } = report;
    if (leftOut || definition === null || lowered === null || inputTypes === null) continue;
    const known = Object.entries(outputTypes).filter((entry): entry is [string, NonNullable<(typeof entry)[1]>] => entry[1] !== null);
    checked.push({ slug, definition, params, outputPorts, outputTypes: Object.fromEntries(known), inputTypes, lowered });
  }
  return checked;
}

function labelIn(graph: Graph, catalogue: Catalogue, slug: string): string {
  const node = Object.hasOwn(graph.nodes, slug) ? graph.nodes[slug] : undefined;
  if (node === undefined || node.label !== "") return node?.label ?? slug;
  return catalogue.find(node.type)?.label ?? slug;
}
