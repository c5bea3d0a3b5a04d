import type { PipelineDocument } from "@millrace/engine";
import { type EditOutcome, refused } from "./edit-outcome.ts";
import { withNode } from "./with-node.ts";

/** Longest label of a node, UTF-16 units. */
export const longestLabel = 120;

/** Sets the label of a node; its slug stays. An empty label shows the kind's own name again. */
export function renameNode(document: PipelineDocument, slug: string, label: string): EditOutcome {
  const tidy = label.replace(/\s+/g, " ").trim();
  if (tidy.length > longestLabel) return refused(`The name is ${tidy.length} characters long; the limit is ${longestLabel}.`);
  return withNode(document, slug, (node) => (node.label === tidy ? node : { ...node, label: tidy }));
}
