import { edgeReasons } from "../diagnostics/edge-reasons.ts";
import type { Catalogue } from "../node/catalogue.ts";
import type { NodeDefinition } from "../node/node-definition.ts";
import type { Graph, GraphEdge } from "./graph.ts";
import { type PortRef, parsePortRef } from "./port-ref.ts";
import { findCycle } from "./topology.ts";

/** An edge that cannot be, and why (the end of a sentence). */
export interface EdgeProblem {
  readonly edge: GraphEdge;
  readonly reason: string;
}

/**
 * What is wrong with the edges of a graph: ends that do not exist, edges against the direction, second
 * edges into a port that takes one, duplicates and cycles. Ports of nodes that the catalogue does not
 * know, and output ports that depend on params, are taken as they are.
 */
export function edgeProblems(graph: Graph, catalogue: Catalogue): readonly EdgeProblem[] {
  const problems: EdgeProblem[] = [];
  const seen = new Set<string>();
  const takenBy = new Map<string, string>();
  const good: GraphEdge[] = [];
  for (const edge of graph.edges) {
    const key = `${edge.from}>${edge.to}`;
    const reason = seen.has(key) ? edgeReasons.duplicate() : edgeReason(edge, graph, catalogue, takenBy);
    seen.add(key);
    if (reason === null) good.push(edge);
    else problems.push({ edge, reason });
  }
  const cycle = findCycle({ ...graph, edges: good });
  if (cycle !== null) problems.push({ edge: closingEdge(cycle, good), reason: edgeReasons.cycle({ nodes: cycle }) });
  return problems;
}

function edgeReason(edge: GraphEdge, graph: Graph, catalogue: Catalogue, takenBy: Map<string, string>): string | null {
  const from = parsePortRef(edge.from);
  const to = parsePortRef(edge.to);
  if (from === null) return edgeReasons.malformed({ end: edge.from });
  if (to === null) return edgeReasons.malformed({ end: edge.to });
  const source = definitionOf(from.node, graph, catalogue);
  const target = definitionOf(to.node, graph, catalogue);
  if (source === "none") return edgeReasons.noNode({ node: from.node });
  if (target === "none") return edgeReasons.noNode({ node: to.node });
  if (from.node === to.node) return edgeReasons.selfLoop({ node: from.node });
  return (
    (source === "unknown" ? null : outputReason(from, source)) ?? (target === "unknown" ? null : inputReason(to, target, edge, takenBy))
  );
}

function outputReason(end: PortRef, definition: NodeDefinition): string | null {
  const { inputs, outputs } = definition;
  // Ports made from params come and go while a person edits them; the checker reports edges that hang in the air.
  if (typeof outputs === "function") return null;
  if (outputs.some((port) => port.name === end.port)) return null;
  if (inputs.some((port) => port.name === end.port)) return edgeReasons.startsAtInput(end);
  return edgeReasons.noPort({ ...end, side: "output", ports: outputs.map((port) => port.name) });
}

function inputReason(end: PortRef, definition: NodeDefinition, edge: GraphEdge, takenBy: Map<string, string>): string | null {
  const port = definition.inputs.find((input) => input.name === end.port);
  if (port === undefined) {
    const outputs = typeof definition.outputs === "function" ? [] : definition.outputs;
    if (outputs.some((output) => output.name === end.port)) return edgeReasons.endsAtOutput(end);
    return edgeReasons.noPort({ ...end, side: "input", ports: definition.inputs.map((input) => input.name) });
  }
  const other = takenBy.get(edge.to);
  if (other !== undefined && port.multiple !== true) return edgeReasons.portTaken({ ...end, other });
  takenBy.set(edge.to, edge.from);
  return null;
}

function definitionOf(slug: string, graph: Graph, catalogue: Catalogue): NodeDefinition | "unknown" | "none" {
  if (!Object.hasOwn(graph.nodes, slug)) return "none";
  const node = graph.nodes[slug];
  const definition = catalogue.find(node.type);
  return definition === undefined || definition.version < node.version ? "unknown" : definition;
}

function closingEdge(cycle: readonly string[], edges: readonly GraphEdge[]): GraphEdge {
  const from = `${cycle[cycle.length - 1]}.`;
  const to = `${cycle[0]}.`;
  return edges.find((edge) => edge.from.startsWith(from) && edge.to.startsWith(to)) ?? edges[0];
}
