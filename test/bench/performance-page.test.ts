import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { Growth } from "./growth.ts";
import { linePlot } from "./line-plot.ts";
import { pageOf, pagePath, plotPath, readStored } from "./performance-page.ts";

describe("docs/performance.md", () => {
  it("shows the figures of performance.json, and its plots", async () => {
    const stored = await readStored();
    const page = await readFile(pagePath, "utf8");
    expect(Object.keys(stored.figures).length).toBeGreaterThan(0);
    expect(pageOf(page, stored)).toBe(page);
    for (const growth of stored.growth) expect(await readFile(plotPath(growth.id), "utf8")).toBe(linePlot(growth));
  });

  it("is refused where a section is missing", async () => {
    const page = await readFile(pagePath, "utf8");
    expect(() => pageOf(page.replace("<!-- /columns -->", ""), { machine: "", figures: {}, slices: null, growth: [] })).toThrow(
      "no section from <!-- columns -->",
    );
  });
});

describe("linePlot", () => {
  const growth: Growth = {
    id: "keys",
    title: "Cost by keys",
    of: "keys",
    curves: [
      {
        name: "a",
        points: [
          { at: 1, nsPerRecord: 10 },
          { at: 100, nsPerRecord: 20 },
        ],
      },
      { name: "b", points: [{ at: 100, nsPerRecord: 20 }] },
    ],
  };

  it("draws every point at its place, from zero on, and names each curve beside its end", () => {
    const svg = linePlot(growth);
    const circles = [...svg.matchAll(/<circle class="d(\d)" cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, curve, x, y]) => [
      curve,
      Number(x),
      Number(y),
    ]);
    const [left, right] = [64, 544];
    expect(circles).toEqual([
      ["0", left, 172],
      ["0", right, 56],
      ["1", right, 56],
    ]);
    expect(svg).toMatch(/>a, 20 ns<\/text>/);
    const labels = [...svg.matchAll(/y="([\d.]+)" text-anchor="start">[ab], 20 ns/g)].map(([, y]) => Number(y));
    expect(labels[1] - labels[0]).toBe(16);
  });
});
