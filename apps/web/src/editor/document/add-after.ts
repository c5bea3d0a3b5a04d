import type { Catalogue, PipelineDocument } from "@millrace/engine";
import { addNode } from "./add-node.ts";
import { connect } from "./connect.ts";
import { type EditOutcome, refused } from "./edit-outcome.ts";
import { freePosition } from "./free-position.ts";
import { outputPorts } from "./node-ports.ts";
import { entryOf } from "./plain-record.ts";
import { soleNode } from "./selection.ts";

/** Distance between the left edges of a node and of one that is added after it, px. */
const stride = 320;

/** Adds a node of `type` to the right of node `slug` and connects the two where their ports allow it. */
export function addAfter(document: PipelineDocument, catalogue: Catalogue, type: string, slug: string): EditOutcome {
  const before = entryOf(document.pipeline.nodes, slug);
  const place = entryOf(document.layout.nodes, slug);
  if (before === undefined || place === undefined) return refused("This node no longer exists.");
  const added = addNode(document, catalogue, type, freePosition(document, { x: place.x + stride, y: place.y }));
  const fresh = added.ok && added.selection !== undefined ? soleNode(added.selection) : null;
  if (!added.ok || fresh === null) return added;
  const definition = catalogue.find(before.type);
  const output = definition === undefined ? undefined : (outputPorts(before, definition) ?? []).find((port) => port.side !== true);
  const input = catalogue.find(type)?.inputs[0];
  if (output === undefined || input === undefined) return added;
  const connected = connect(added.document, catalogue, { node: slug, port: output.name }, { node: fresh, port: input.name });
  return connected.ok && added.selection !== undefined ? { ...connected, selection: added.selection } : added;
}
