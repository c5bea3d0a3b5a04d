import { expect, it } from "vitest";
import { addNode } from "./add-node.ts";
import { changedSince } from "./changed-since.ts";
import type { EditOutcome } from "./edit-outcome.ts";
import { moveItems } from "./move-items.ts";
import { removeItems } from "./remove-items.ts";
import { renameNode } from "./rename-node.ts";
import { selectionOf } from "./selection.ts";
import { setParam } from "./set-param.ts";
import { sampleCatalogue as catalogue } from "./testing/sample-catalogue.ts";
import { sampleDocument } from "./testing/sample-document.ts";

const graphOf = (outcome: EditOutcome) => {
  if (!outcome.ok) throw new Error(outcome.reason);
  return outcome.document.pipeline;
};
const deployed = sampleDocument();

it("does not count looks", () => {
  expect(changedSince(graphOf(moveItems(deployed, { nodes: { logs: { x: 99, y: 0 } } })), deployed.pipeline).count).toBe(0);
  expect(changedSince(graphOf(renameNode(deployed, "errors", "Errors only")), deployed.pipeline).count).toBe(0);
});

it("counts nodes with other settings or inputs, new ones and removed ones", () => {
  const changed = changedSince(graphOf(setParam(deployed, catalogue, "errors", ["where"], "TRUE")), deployed.pipeline);
  expect([...changed.changed]).toEqual(["errors"]);
  const removed = changedSince(graphOf(removeItems(deployed, selectionOf({ nodes: ["errors"] }))), deployed.pipeline);
  expect([...removed.removed, ...removed.changed]).toEqual(["errors", "file"]);
  expect(changedSince(graphOf(addNode(deployed, catalogue, "union", { x: 0, y: 0 })), deployed.pipeline).count).toBe(1);
});
