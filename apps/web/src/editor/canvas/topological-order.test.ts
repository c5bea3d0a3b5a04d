import { expect, it } from "vitest";
import { sampleDocument } from "../document/testing/sample-document.ts";
import { topologicalOrder } from "./topological-order.ts";

it("leads from sources to sinks, top to bottom, and keeps loops", () => {
  const { pipeline, layout } = sampleDocument();
  expect(topologicalOrder(pipeline, layout)).toEqual(["logs", "errors", "file"]);
  const looped = { ...pipeline, edges: [...pipeline.edges, { from: "file.out", to: "errors.in" }] };
  expect(topologicalOrder(looped, layout)).toEqual(["logs", "errors", "file"]);
  const moved = { ...layout, nodes: { ...layout.nodes, file: { x: 0, y: -100 } } };
  expect(topologicalOrder({ ...pipeline, edges: [] }, moved)).toEqual(["file", "logs", "errors"]);
});
