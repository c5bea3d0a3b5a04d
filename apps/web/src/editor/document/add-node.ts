import type { Catalogue, GraphNode, PipelineDocument, Position } from "@millrace/engine";
import { withParts } from "./document-parts.ts";
import { type EditOutcome, edited, refused } from "./edit-outcome.ts";
import { freshSlug } from "./fresh-slug.ts";
import { snapToGrid } from "./grid.ts";
import { withEntry } from "./plain-record.ts";
import { selectionOf } from "./selection.ts";

/** Adds a node of `type` at `position` (canvas px, its top left corner) and selects it. Its slug comes from the kind's label and stays. */
export function addNode(document: PipelineDocument, catalogue: Catalogue, type: string, position: Position): EditOutcome {
  const definition = catalogue.find(type);
  if (definition === undefined) return refused(`There is no kind of node called "${type}".`);
  const slug = freshSlug(definition.label, (taken) => Object.hasOwn(document.pipeline.nodes, taken));
  const node: GraphNode = { type, version: definition.version, label: "", params: Object.create(null), disabled: false };
  const next = withParts(document, {
    nodes: withEntry(document.pipeline.nodes, slug, node),
    positions: withEntry(document.layout.nodes, slug, snapToGrid(position)),
  });
  return edited(next, selectionOf({ nodes: [slug] }));
}
