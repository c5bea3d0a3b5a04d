import type { GraphEdge } from "@millrace/engine";

/** One end of an edge: a port of a node. */
export interface PortRef {
  readonly node: string;
  readonly port: string;
}

/** `node.port`, as edges hold it. */
export function writePortRef(ref: PortRef): string {
  return `${ref.node}.${ref.port}`;
}

/** The two parts of `node.port`. Slugs hold no dot, so the first one divides. */
export function readPortRef(text: string): PortRef {
  const dot = text.indexOf(".");
  return dot < 0 ? { node: text, port: "" } : { node: text.slice(0, dot), port: text.slice(dot + 1) };
}

/** Identity of an edge in the editor; equal to its key in metric frames. */
export function edgeId(edge: GraphEdge): string {
  return `${edge.from}>${edge.to}`;
}

/** An edge between two ports. */
export function edgeBetween(from: PortRef, to: PortRef): GraphEdge {
  return { from: writePortRef(from), to: writePortRef(to) };
}

/** The edges in document order: by `from`, then `to`, by code unit. */
export function sortEdges(edges: readonly GraphEdge[]): readonly GraphEdge[] {
  return [...edges].sort((a, b) => compare(a.from, b.from) || compare(a.to, b.to));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
