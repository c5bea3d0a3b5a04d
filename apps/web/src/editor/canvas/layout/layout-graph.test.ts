import { expect, it } from "vitest";
import { layoutGraph } from "./layout-graph.ts";

it("leads from left to right without overlaps", () => {
  const slugs = ["a", "b", "c", "d", "lonely"];
  const result = layoutGraph({
    nodes: slugs.map((slug) => ({ slug, width: 224, height: 56 })),
    edges: [
      { from: "a", to: "b" },
      { from: "a", to: "c" },
      { from: "b", to: "d" },
      { from: "c", to: "d" },
      { from: "d", to: "d" },
    ],
  });
  const at = new Map(result.map((node) => [node.slug, node]));
  const x = (slug: string): number => at.get(slug)?.x ?? Number.NaN;
  expect(x("a")).toBeLessThan(x("b"));
  expect(x("b")).toBe(x("c"));
  expect(x("c")).toBeLessThan(x("d"));
  for (const one of result) {
    for (const other of result) {
      if (one === other) continue;
      expect(Math.abs(one.x - other.x) >= 224 || Math.abs(one.y - other.y) >= 56).toBe(true);
    }
  }
});
