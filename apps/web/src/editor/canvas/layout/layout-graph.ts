import dagre from "@dagrejs/dagre";

/** A graph to lay out: sizes in px, edges by slugs. Plain data, so that it can go to a worker. */
export interface LayoutRequest {
  readonly nodes: readonly { readonly slug: string; readonly width: number; readonly height: number }[];
  readonly edges: readonly { readonly from: string; readonly to: string }[];
}

/** Top left corners, px. */
export type LayoutResult = readonly { readonly slug: string; readonly x: number; readonly y: number }[];

/** Distances between nodes of one rank and between ranks, px. */
const nodeGap = 48;
const rankGap = 112;

/** Positions from left to right, edges with few crossings (Sugiyama's layered drawing, by dagre). */
export function layoutGraph(request: LayoutRequest): LayoutResult {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: "LR", nodesep: nodeGap, ranksep: rankGap });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { slug, width, height } of request.nodes) graph.setNode(slug, { width, height });
  for (const { from, to } of request.edges) if (from !== to) graph.setEdge(from, to);
  dagre.layout(graph);
  return request.nodes.map(({ slug, width, height }) => {
    const { x, y } = graph.node(slug);
    return { slug, x: x - width / 2, y: y - height / 2 };
  });
}
