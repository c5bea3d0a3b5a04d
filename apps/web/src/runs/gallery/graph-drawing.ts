import { type Graph, type Layout, type NodeCategory, parsePortRef } from "@millrace/engine";
import { catalogue } from "@millrace/nodes";

/** Size of a node in the drawing, in units of the layout. */
export const boxWidth = 224;
export const boxHeight = 88;

export interface DrawnNode {
  readonly slug: string;
  readonly x: number;
  readonly y: number;
  readonly label: string;
  readonly category: NodeCategory | "note";
  readonly icon: string;
}

export interface DrawnEdge {
  readonly key: string;
  readonly path: string;
  /** From a port at the bottom edge: late, timeout, dead letters. */
  readonly isSide: boolean;
}

export interface GraphDrawing {
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly DrawnEdge[];
  readonly viewBox: string;
  readonly width: number;
  readonly height: number;
}

const margin = 12;

/** Lays a graph out for a small picture: boxes at their places on the canvas, curves between them. Notes are left out. */
export function drawGraph(graph: Graph, layout: Layout): GraphDrawing {
  const nodes = Object.entries(graph.nodes).map(([slug, node], i): DrawnNode => {
    const definition = catalogue.find(node.type);
    const position = layout.nodes[slug] ?? { x: i * (boxWidth + 64), y: 0 };
    return {
      slug,
      x: position.x,
      y: position.y,
      label: node.label === "" ? (definition?.label ?? node.type) : node.label,
      category: definition?.category ?? "note",
      icon: definition?.icon ?? "box",
    };
  });
  const bySlug = new Map(nodes.map((node) => [node.slug, node]));
  const edges = graph.edges.flatMap((edge) => {
    const from = parsePortRef(edge.from);
    const to = parsePortRef(edge.to);
    const start = from === null ? undefined : bySlug.get(from.node);
    const end = to === null ? undefined : bySlug.get(to.node);
    if (from === null || start === undefined || end === undefined) return [];
    const isSide = isSidePort(graph, from.node, from.port);
    return [{ key: `${edge.from}>${edge.to}`, path: curve(start, end, isSide), isSide }];
  });
  return { nodes, edges, ...frame(nodes) };
}

function isSidePort(graph: Graph, slug: string, port: string): boolean {
  const definition = catalogue.find(graph.nodes[slug]?.type ?? "");
  if (definition === undefined || typeof definition.outputs === "function") return false;
  return definition.outputs.find((output) => output.name === port)?.side === true;
}

function curve(from: DrawnNode, to: DrawnNode, isSide: boolean): string {
  const [x1, y1] = isSide ? [from.x + boxWidth - 40, from.y + boxHeight] : [from.x + boxWidth, from.y + boxHeight / 2];
  const [x2, y2] = [to.x, to.y + boxHeight / 2];
  const reach = Math.max(32, Math.abs(x2 - x1) / 2);
  const control = isSide ? `${x1} ${y1 + Math.max(48, (y2 - y1) * 0.8)}` : `${x1 + reach} ${y1}`;
  return `M${x1} ${y1}C${control} ${x2 - reach} ${y2} ${x2} ${y2}`;
}

function frame(nodes: readonly DrawnNode[]): { readonly viewBox: string; readonly width: number; readonly height: number } {
  if (nodes.length === 0) return { viewBox: "0 0 1 1", width: 1, height: 1 };
  const left = Math.min(...nodes.map((node) => node.x)) - margin;
  const top = Math.min(...nodes.map((node) => node.y)) - margin;
  const width = Math.max(...nodes.map((node) => node.x)) + boxWidth + margin - left;
  const height = Math.max(...nodes.map((node) => node.y)) + boxHeight + margin - top;
  return { viewBox: `${left} ${top} ${width} ${height}`, width, height };
}

/** Breaks a label into at most two lines of about `room` characters; what does not fit is cut with an ellipsis. */
export function breakLabel(label: string, room: number): readonly string[] {
  if (label.length <= room) return [label];
  const words = label.split(" ");
  let first = words.shift() ?? "";
  while (words.length > 0 && `${first} ${words[0]}`.length <= room) first += ` ${words.shift()}`;
  const rest = words.join(" ");
  return rest === "" ? [cut(first, room)] : [cut(first, room), cut(rest, room)];
}

function cut(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, room - 1).trimEnd()}…`;
}
