import type { GraphNode, PipelineDocument } from "@millrace/engine";
import { withParts } from "./document-parts.ts";
import { type EditOutcome, edited, refused } from "./edit-outcome.ts";
import { entryOf, withEntry } from "./plain-record.ts";

/** Replaces one node by what `change` makes of it; refused when it is gone. */
export function withNode(document: PipelineDocument, slug: string, change: (node: GraphNode) => GraphNode): EditOutcome {
  const node = entryOf(document.pipeline.nodes, slug);
  if (node === undefined) return refused("This node no longer exists.");
  return edited(withParts(document, { nodes: withEntry(document.pipeline.nodes, slug, change(node)) }));
}
