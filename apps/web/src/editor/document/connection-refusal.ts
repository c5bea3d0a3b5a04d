import type { Catalogue, GraphEdge, GraphNode, NodeDefinition, PipelineDocument } from "@millrace/engine";
import { outputPorts } from "./node-ports.ts";
import { entryOf } from "./plain-record.ts";
import { type PortRef, readPortRef, writePortRef } from "./port-ref.ts";

/**
 * Why an output may not be connected to an input, as a sentence for the person who tries; null = it may.
 * Judges ports, the number of edges and cycles; whether the types of the records fit is the checker's to say.
 */
export function connectionRefusal(document: PipelineDocument, catalogue: Catalogue, from: PortRef, to: PortRef): string | null {
  const { nodes, edges } = document.pipeline;
  const source = entryOf(nodes, from.node);
  const target = entryOf(nodes, to.node);
  if (source === undefined || target === undefined) return "One of the two nodes no longer exists.";
  const sourceName = nodeName(source, catalogue);
  const targetName = nodeName(target, catalogue);
  if (from.node === to.node) return `${sourceName} cannot feed itself: a pipeline has no loops.`;

  const sourceDefinition = catalogue.find(source.type);
  const targetDefinition = catalogue.find(target.type);
  if (sourceDefinition === undefined || targetDefinition === undefined) return "This version does not know one of the two kinds of node.";
  const outputs = outputPorts(source, sourceDefinition);
  if (outputs !== null && !outputs.some((port) => port.name === from.port)) return `${sourceName} has no output "${from.port}".`;
  const input = targetDefinition.inputs.find((port) => port.name === to.port);
  if (input === undefined) return noInput(targetName, targetDefinition, to.port);

  const here = writePortRef(to);
  const arriving = edges.filter((edge) => edge.to === here);
  if (arriving.some((edge) => edge.from === writePortRef(from))) return "These two ports are connected already.";
  if (input.multiple !== true && arriving.length > 0) {
    const feeder = nodes[readPortRef(arriving[0].from).node];
    return `This input of ${targetName} takes one stream and has that of ${nodeName(feeder, catalogue)}. Merge them with a union first.`;
  }
  if (reaches(edges, to.node, from.node)) return `${targetName} already leads to ${sourceName}: a pipeline has no loops.`;
  return null;
}

/** What a node is called on its card. */
export function nodeName(node: GraphNode, catalogue: Catalogue): string {
  return node.label !== "" ? node.label : (catalogue.find(node.type)?.label ?? node.type);
}

function noInput(name: string, definition: NodeDefinition, port: string): string {
  return definition.inputs.length === 0 ? `${name} is a source: it has no input.` : `${name} has no input "${port}".`;
}

function reaches(edges: readonly GraphEdge[], start: string, goal: string): boolean {
  const next = new Map<string, string[]>();
  for (const edge of edges) {
    const from = readPortRef(edge.from).node;
    const list = next.get(from);
    if (list === undefined) next.set(from, [readPortRef(edge.to).node]);
    else list.push(readPortRef(edge.to).node);
  }
  const seen = new Set<string>([start]);
  const pending = [start];
  for (let slug = pending.pop(); slug !== undefined; slug = pending.pop()) {
    if (slug === goal) return true;
    for (const follower of next.get(slug) ?? []) {
      if (seen.has(follower)) continue;
      seen.add(follower);
      pending.push(follower);
    }
  }
  return false;
}
