import type { Catalogue, PipelineDocument, Position } from "@millrace/engine";
import { snapToGrid } from "../../document/grid.ts";
import { readPortRef } from "../../document/port-ref.ts";
import { cardPorts } from "../card-ports.ts";
import { cardHeight, cardWidth } from "../card-size.ts";
import { layerGraph } from "./layer-graph.ts";
import { type LayoutRequest, layoutGraph } from "./layout-graph.ts";

/** With more nodes, drawing with few crossings takes too long for somebody who waits. */
const mostToDrawWell = 300;
/** Between what has a place and what gets one, px. */
const gap = 96;

/**
 * Gives places to the nodes of a document that has none for them, as written by hand or by a program. Those that have
 * places keep them, unless all lie at one point; the others come below.
 */
export function placeNodes(document: PipelineDocument, catalogue: Catalogue): PipelineDocument {
  const { pipeline, layout } = document;
  const slugs = Object.keys(pipeline.nodes);
  const kept = isStack(slugs, layout.nodes) ? [] : slugs.filter((slug) => Object.hasOwn(layout.nodes, slug));
  const unplaced = new Set(slugs).difference(new Set(kept));
  if (unplaced.size === 0) return document;
  const ports = cardPorts(pipeline, catalogue, new Map());
  const heightOf = (slug: string): number => {
    const known = ports.get(slug);
    return known === undefined ? 0 : cardHeight(known, false);
  };
  const request: LayoutRequest = {
    nodes: [...unplaced].map((slug) => ({ slug, width: cardWidth, height: heightOf(slug) })),
    edges: pipeline.edges
      .map((edge) => ({ from: readPortRef(edge.from).node, to: readPortRef(edge.to).node }))
      .filter(({ from, to }) => unplaced.has(from) && unplaced.has(to)),
  };
  const places = unplaced.size > mostToDrawWell ? layerGraph(request) : layoutGraph(request);
  const left = Math.min(...places.map(({ x }) => x));
  const top = Math.min(...places.map(({ y }) => y));
  const corner = cornerBelow(kept.map((slug) => ({ ...layout.nodes[slug], height: heightOf(slug) })));
  const placed = places.map(({ slug, x, y }): [string, Position] => [slug, snapToGrid({ x: corner.x + x - left, y: corner.y + y - top })]);
  const entries = [...kept.map((slug): [string, Position] => [slug, layout.nodes[slug]]), ...placed];
  // As the engine reads it: slugs are names of anything.
  const nodes: Record<string, Position> = Object.assign(Object.create(null), Object.fromEntries(entries));
  return { ...document, layout: { ...layout, nodes } };
}

/** Whether several nodes lie at one point, which nobody means. */
function isStack(slugs: readonly string[], nodes: PipelineDocument["layout"]["nodes"]): boolean {
  const points = new Set(slugs.flatMap((slug) => (Object.hasOwn(nodes, slug) ? [`${nodes[slug].x} ${nodes[slug].y}`] : [])));
  return slugs.length > 1 && points.size === 1 && slugs.every((slug) => Object.hasOwn(nodes, slug));
}

function cornerBelow(cards: readonly (Position & { readonly height: number })[]): Position {
  if (cards.length === 0) return { x: 0, y: 0 };
  return { x: Math.min(...cards.map(({ x }) => x)), y: Math.max(...cards.map(({ y, height }) => y + height)) + gap };
}
