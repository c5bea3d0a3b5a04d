import type { LayoutRequest, LayoutResult } from "./layout-graph.ts";

/** Distances between nodes of one column and between columns, px. */
const rowGap = 48;
const columnGap = 112;

/** Columns by the longest way from a source, nodes in each as they are named: no care for crossings, in linear time. */
export function layerGraph({ nodes, edges }: LayoutRequest): LayoutResult {
  const depth = depths(nodes, edges);
  const bottoms = new Map<number, number>();
  const width = Math.max(0, ...nodes.map((node) => node.width));
  return nodes.map(({ slug, height }) => {
    const column = depth.get(slug) ?? 0;
    const y = bottoms.get(column) ?? 0;
    bottoms.set(column, y + height + rowGap);
    return { slug, x: column * (width + columnGap), y };
  });
}

/** Longest ways by repeatedly taking nodes without open inputs (Kahn 1962); what lies on a cycle stays at what is known by then. */
function depths(nodes: LayoutRequest["nodes"], edges: LayoutRequest["edges"]): ReadonlyMap<string, number> {
  const after = Map.groupBy(edges, ({ from }) => from);
  const open = new Map(nodes.map(({ slug }) => [slug, 0]));
  for (const { to } of edges) open.set(to, (open.get(to) ?? 0) + 1);
  const depth = new Map(nodes.map(({ slug }) => [slug, 0]));
  const ready = nodes.filter(({ slug }) => open.get(slug) === 0).map(({ slug }) => slug);
  for (let slug = ready.pop(); slug !== undefined; slug = ready.pop()) {
    for (const { to } of after.get(slug) ?? []) {
      depth.set(to, Math.max(depth.get(to) ?? 0, (depth.get(slug) ?? 0) + 1));
      const left = (open.get(to) ?? 0) - 1;
      open.set(to, left);
      if (left === 0) ready.push(to);
    }
  }
  return depth;
}
