import type { Graph, Layout } from "@millrace/engine";
import { entryOf } from "../document/plain-record.ts";
import { readPortRef } from "../document/port-ref.ts";

/**
 * Slugs from the sources to the sinks; among equals from top to bottom, then left to right. Nodes on a loop come
 * last. It is the order in which one tabs over the canvas and reads the outline.
 */
export function topologicalOrder(graph: Graph, layout: Layout): readonly string[] {
  const slugs = Object.keys(graph.nodes);
  const waitsFor = new Map<string, number>(slugs.map((slug) => [slug, 0]));
  const followers = new Map<string, string[]>(slugs.map((slug) => [slug, []]));
  for (const edge of graph.edges) {
    const from = readPortRef(edge.from).node;
    const to = readPortRef(edge.to).node;
    const list = followers.get(from);
    if (list === undefined || !waitsFor.has(to)) continue;
    list.push(to);
    waitsFor.set(to, (waitsFor.get(to) ?? 0) + 1);
  }
  const at = (slug: string) => entryOf(layout.nodes, slug) ?? { x: 0, y: 0 };
  const byPlace = (a: string, b: string): number => at(a).y - at(b).y || at(a).x - at(b).x;
  const order: string[] = [];
  let ready = slugs.filter((slug) => waitsFor.get(slug) === 0).sort(byPlace);
  while (ready.length > 0) {
    order.push(...ready);
    const next: string[] = [];
    for (const slug of ready) {
      for (const follower of followers.get(slug) ?? []) {
        const left = (waitsFor.get(follower) ?? 0) - 1;
        waitsFor.set(follower, left);
        if (left === 0) next.push(follower);
      }
    }
    ready = next.sort(byPlace);
  }
  const placed = new Set(order);
  return [...order, ...slugs.filter((slug) => !placed.has(slug))];
}
