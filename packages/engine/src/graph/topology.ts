import type { Graph } from "./graph.ts";
import { compareText, parsePortRef } from "./port-ref.ts";

/** Slugs in an order in which every edge leads forward, and those for which there is none. */
export interface TopologicalOrder {
  readonly order: readonly string[];
  /** Nodes on a cycle or behind one; sorted. */
  readonly cyclic: readonly string[];
}

interface Links {
  readonly next: ReadonlyMap<string, ReadonlySet<string>>;
  readonly previous: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Neighbours by slug; edges that do not join two nodes of the graph are left out. */
function links(graph: Graph): Links {
  const next = new Map<string, Set<string>>();
  const previous = new Map<string, Set<string>>();
  for (const slug of Object.keys(graph.nodes).sort(compareText)) {
    next.set(slug, new Set());
    previous.set(slug, new Set());
  }
  for (const edge of graph.edges) {
    const from = parsePortRef(edge.from)?.node ?? "";
    const to = parsePortRef(edge.to)?.node ?? "";
    if (!next.has(from) || !previous.has(to)) continue;
    next.get(from)?.add(to);
    previous.get(to)?.add(from);
  }
  return { next, previous };
}

/** Topological order of all nodes (Kahn); it depends on slugs and edges alone. */
export function topologicalOrder(graph: Graph): TopologicalOrder {
  const { next, previous } = links(graph);
  const waiting = new Map([...previous].map(([slug, set]) => [slug, set.size]));
  const order = [...waiting].filter(([, count]) => count === 0).map(([slug]) => slug);
  for (const slug of order) {
    for (const after of next.get(slug) ?? []) {
      const left = (waiting.get(after) ?? 0) - 1;
      waiting.set(after, left);
      if (left === 0) order.push(after);
    }
  }
  const done = new Set(order);
  return { order, cyclic: [...next.keys()].filter((slug) => !done.has(slug)) };
}

/** All nodes from which records can reach `slug`, without it (unless it stands on a cycle). */
export function upstreamOf(graph: Graph, slug: string): ReadonlySet<string> {
  return reach(links(graph).previous, slug);
}

/** All nodes that records from `slug` can reach, without it (unless it stands on a cycle). */
export function downstreamOf(graph: Graph, slug: string): ReadonlySet<string> {
  return reach(links(graph).next, slug);
}

/** True when an edge from node `from` to node `to` would close a cycle. */
export function wouldCycle(graph: Graph, from: string, to: string): boolean {
  return from === to || downstreamOf(graph, to).has(from);
}

/** The nodes of one cycle, in order, from the smallest slug on; null when there is none. */
export function findCycle(graph: Graph): readonly string[] | null {
  const { cyclic } = topologicalOrder(graph);
  if (cyclic.length === 0) return null;
  const left = new Set(cyclic);
  const { previous } = links(graph);
  const walkedAt = new Map<string, number>();
  // Every node that is left has one before it that is left too, so walking backwards must come round.
  for (let slug: string | undefined = cyclic[0]; slug !== undefined; ) {
    const seenAt = walkedAt.get(slug);
    if (seenAt !== undefined) return fromSmallest([...walkedAt.keys()].slice(seenAt).reverse());
    walkedAt.set(slug, walkedAt.size);
    slug = [...(previous.get(slug) ?? [])].find((before) => left.has(before));
  }
  return null;
}

function reach(neighbours: ReadonlyMap<string, ReadonlySet<string>>, start: string): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [start];
  for (let slug = open.pop(); slug !== undefined; slug = open.pop()) {
    for (const neighbour of neighbours.get(slug) ?? []) {
      if (found.has(neighbour)) continue;
      found.add(neighbour);
      open.push(neighbour);
    }
  }
  return found;
}

function fromSmallest(cycle: readonly string[]): readonly string[] {
  const start = cycle.indexOf([...cycle].sort(compareText)[0] ?? "");
  return [...cycle.slice(start), ...cycle.slice(0, start)];
}
