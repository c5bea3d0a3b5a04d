import type { Catalogue, PipelineDocument } from "@millrace/engine";
import { connect } from "./connect.ts";
import { disconnect } from "./disconnect.ts";
import { type EditOutcome, refused } from "./edit-outcome.ts";
import { outputPorts } from "./node-ports.ts";
import { entryOf } from "./plain-record.ts";
import { edgeId, readPortRef } from "./port-ref.ts";

/**
 * Puts an unconnected node between the two ends of the edge `id`: the edge leads into the node's first input, and
 * its first main output leads on. Refused for kinds that have only one of both.
 */
export function insertOnEdge(document: PipelineDocument, catalogue: Catalogue, slug: string, id: string): EditOutcome {
  const node = entryOf(document.pipeline.nodes, slug);
  const definition = node === undefined ? undefined : catalogue.find(node.type);
  const edge = document.pipeline.edges.find((candidate) => edgeId(candidate) === id);
  if (node === undefined || definition === undefined || edge === undefined) return refused("This connection no longer exists.");
  const input = definition.inputs[0];
  const output = (outputPorts(node, definition) ?? []).find((port) => port.side !== true);
  if (input === undefined) return refused(`${definition.label} has no input, so it cannot stand in the middle of a connection.`);
  if (output === undefined) return refused(`${definition.label} has no output, so it cannot stand in the middle of a connection.`);
  const opened = disconnect(document, id);
  if (!opened.ok) return opened;
  const fed = connect(opened.document, catalogue, readPortRef(edge.from), { node: slug, port: input.name });
  if (!fed.ok) return fed;
  return connect(fed.document, catalogue, { node: slug, port: output.name }, readPortRef(edge.to));
}
