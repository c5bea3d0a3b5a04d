import type { Catalogue, Graph, GraphNode } from "@millrace/engine";
import { outputPorts } from "../document/node-ports.ts";
import { edgeId, readPortRef } from "../document/port-ref.ts";

/** A port as the card draws it. */
export interface CardPort {
  readonly name: string;
  readonly label: string;
  readonly connected: boolean;
  /** An edge leads to it, but the kind of node has no such port. */
  readonly unknown: boolean;
}

/** The ports of one card, by the edge of the card on which they sit. */
export interface CardPorts {
  readonly inputs: readonly CardPort[];
  readonly outputs: readonly CardPort[];
  /** Late, timeout and dead-letter ports, at the bottom. */
  readonly sides: readonly CardPort[];
}

/** The ports of every node of a graph. Entries of `before` that say the same are kept as the same objects. */
export function cardPorts(graph: Graph, catalogue: Catalogue, before: ReadonlyMap<string, CardPorts>): ReadonlyMap<string, CardPorts> {
  const into = new Map<string, Set<string>>();
  const outOf = new Map<string, Set<string>>();
  for (const edge of graph.edges) {
    collect(outOf, edge.from);
    collect(into, edge.to);
  }
  const all = new Map<string, CardPorts>();
  for (const [slug, node] of Object.entries(graph.nodes)) {
    const ports = portsOf(node, catalogue, into.get(slug) ?? none, outOf.get(slug) ?? none);
    const old = before.get(slug);
    all.set(slug, old !== undefined && JSON.stringify(old) === JSON.stringify(ports) ? old : ports);
  }
  return all;
}

/** Ids of the edges that lead to ports that do not exist. */
export function danglingEdges(graph: Graph, ports: ReadonlyMap<string, CardPorts>): ReadonlySet<string> {
  const isUnknown = (end: string): boolean => {
    const ref = readPortRef(end);
    const card = ports.get(ref.node);
    return card !== undefined && [...card.inputs, ...card.outputs, ...card.sides].some((port) => port.unknown && port.name === ref.port);
  };
  return new Set(graph.edges.filter((edge) => isUnknown(edge.from) || isUnknown(edge.to)).map(edgeId));
}

const none: ReadonlySet<string> = new Set();

function collect(map: Map<string, Set<string>>, end: string): void {
  const ref = readPortRef(end);
  const set = map.get(ref.node);
  if (set === undefined) map.set(ref.node, new Set([ref.port]));
  else set.add(ref.port);
}

function portsOf(node: GraphNode, catalogue: Catalogue, into: ReadonlySet<string>, outOf: ReadonlySet<string>): CardPorts {
  const definition = catalogue.find(node.type);
  const inputs = definition?.inputs ?? [];
  const outputs = definition === undefined ? [] : (outputPorts(node, definition) ?? []);
  const strangers = (known: readonly { readonly name: string }[], used: ReadonlySet<string>): CardPort[] =>
    [...used]
      .filter((name) => !known.some((port) => port.name === name))
      .map((name) => ({ name, label: name, connected: true, unknown: definition !== undefined }));
  const card = (port: { readonly name: string; readonly label?: string }, used: ReadonlySet<string>): CardPort => ({
    name: port.name,
    label: port.label ?? port.name.replaceAll("_", " "),
    connected: used.has(port.name),
    unknown: false,
  });
  return {
    inputs: [...inputs.map((port) => card(port, into)), ...strangers(inputs, into)],
    outputs: [...outputs.filter((port) => port.side !== true).map((port) => card(port, outOf)), ...strangers(outputs, outOf)],
    sides: outputs.filter((port) => port.side === true).map((port) => card(port, outOf)),
  };
}
