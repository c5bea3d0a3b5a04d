import { type PipelineDocument, parsePipeline, writePipeline } from "@millrace/engine";
import { catalogue, templates } from "@millrace/nodes";
import { describe, expect, it } from "vitest";
import { layerGraph } from "./layer-graph.ts";
import { placeNodes } from "./place-nodes.ts";

function parsed(text: string): PipelineDocument {
  const result = parsePipeline(text, catalogue);
  if (!result.ok) throw new Error(result.diagnostics[0].message);
  return result.value;
}

function overlapping(places: readonly { readonly x: number; readonly y: number }[]): number {
  let found = 0;
  places.forEach((a, i) => {
    for (const b of places.slice(i + 1)) if (Math.abs(a.x - b.x) < 224 && Math.abs(a.y - b.y) < 56) found++;
  });
  return found;
}

describe.each(templates.map((template) => [template.id, parsed(template.document)] as const))("%s", (_, document) => {
  const { nodes } = document.layout;

  it("stays as it was laid out", () => {
    expect(placeNodes(document, catalogue)).toBe(document);
  });

  it.each([
    ["without any layout", {}],
    ["with all nodes at one point", Object.fromEntries(Object.keys(nodes).map((slug) => [slug, { x: 40, y: 40 }]))],
  ])("is laid out from left to right %s, and saved so", (_name, given) => {
    const placed = placeNodes({ ...document, layout: { nodes: given, notes: [] } }, catalogue);
    expect(Object.keys(placed.layout.nodes).sort()).toEqual(Object.keys(nodes).sort());
    expect(overlapping(Object.values(placed.layout.nodes))).toBe(0);
    for (const { from, to } of document.pipeline.edges) {
      const [a, b] = [from, to].map((end) => placed.layout.nodes[end.split(".")[0]]);
      expect(a.x).toBeLessThan(b.x);
    }
    expect(parsed(writePipeline(placed, catalogue)).layout).toEqual(placed.layout);
  });

  it("keeps the places that there are, and puts the rest below them", () => {
    const [first, ...others] = Object.keys(nodes);
    const placed = placeNodes({ ...document, layout: { nodes: { [first]: { x: 500, y: 900 } }, notes: [] } }, catalogue);
    expect(placed.layout.nodes[first]).toEqual({ x: 500, y: 900 });
    for (const slug of others) expect(placed.layout.nodes[slug].y).toBeGreaterThan(900 + 56);
    expect(overlapping(Object.values(placed.layout.nodes))).toBe(0);
  });
});

it("places a pipeline of any size, in columns", () => {
  const nodes = Array.from({ length: 2000 }, (_, i) => ({ slug: `n${i}`, width: 224, height: 56 }));
  const edges = nodes.slice(1).map(({ slug }, i) => ({ from: `n${Math.floor(i / 2)}`, to: slug }));
  const places = layerGraph({ nodes, edges: [...edges, { from: "n1999", to: "n999" }, { from: "n3", to: "n3" }] });
  expect(new Set(places.map(({ x, y }) => `${x} ${y}`)).size).toBe(2000);
  const at = new Map(places.map((place) => [place.slug, place]));
  expect(at.get("n0")?.x).toBe(0);
  expect(at.get("n2")?.x).toBe(336);
});
