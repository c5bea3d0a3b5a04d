import type { Catalogue, GraphNode, PipelineDocument } from "@millrace/engine";
import { withParts } from "./document-parts.ts";
import { type EditOutcome, edited, refused } from "./edit-outcome.ts";
import { entryOf, withEntries } from "./plain-record.ts";

/** Disables or enables nodes. A node of an unknown kind stays disabled. */
export function setDisabled(document: PipelineDocument, catalogue: Catalogue, slugs: Iterable<string>, disabled: boolean): EditOutcome {
  const entries: [string, GraphNode][] = [];
  for (const slug of slugs) {
    const node = entryOf(document.pipeline.nodes, slug);
    if (node === undefined || node.disabled === disabled) continue;
    if (!disabled && catalogue.find(node.type) === undefined) {
      return refused(`This version does not know the kind of node "${node.type}", so it stays disabled.`);
    }
    entries.push([slug, { ...node, disabled }]);
  }
  return edited(withParts(document, { nodes: withEntries(document.pipeline.nodes, entries) }));
}
