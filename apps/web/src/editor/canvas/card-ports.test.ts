import { expect, it } from "vitest";
import { setParam } from "../document/set-param.ts";
import { sampleCatalogue as catalogue } from "../document/testing/sample-catalogue.ts";
import { sampleDocument } from "../document/testing/sample-document.ts";
import { cardPorts, danglingEdges } from "./card-ports.ts";
import { cardHeight, hasPortRows } from "./card-size.ts";

const { pipeline } = sampleDocument();
const branch = {
  type: "branch",
  version: 1,
  label: "",
  params: { branches: [{ name: "hot", where: "t > 1" }] },
  disabled: false,
};

it("puts side ports apart and knows what is connected", () => {
  const ports = cardPorts(pipeline, catalogue, new Map()).get("logs");
  expect(ports?.outputs).toEqual([{ name: "out", label: "out", connected: true, unknown: false }]);
  expect(ports?.sides).toEqual([{ name: "dead_letter", label: "dead letter", connected: false, unknown: false }]);
});

it("keeps an edge to a port that is gone in sight", () => {
  const graph = { ...pipeline, nodes: { ...pipeline.nodes, branch }, edges: [{ from: "branch.cold", to: "errors.in" }] };
  const ports = cardPorts(graph, catalogue, new Map());
  expect(ports.get("branch")?.outputs.map((port) => [port.name, port.unknown])).toEqual([
    ["hot", false],
    ["otherwise", false],
    ["cold", true],
  ]);
  expect([...danglingEdges(graph, ports)]).toEqual(["branch.cold>errors.in"]);
});

it("keeps what did not change the same object", () => {
  const before = cardPorts(pipeline, catalogue, new Map());
  const changed = setParam(sampleDocument(), catalogue, "errors", ["where"], "TRUE");
  const after = cardPorts(changed.ok ? changed.document.pipeline : pipeline, catalogue, before);
  expect(after.get("errors")).toBe(before.get("errors"));
});

it("gives a card with several outputs a row for each", () => {
  const ports = cardPorts({ ...pipeline, nodes: { branch }, edges: [] }, catalogue, new Map()).get("branch");
  if (ports === undefined) throw new Error("no ports");
  expect(hasPortRows(ports)).toBe(true);
  expect(cardHeight(ports, true)).toBe(56 + 2 * 20 + 8 + 28);
});
