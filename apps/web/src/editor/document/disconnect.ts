import type { PipelineDocument } from "@millrace/engine";
import { withParts } from "./document-parts.ts";
import { type EditOutcome, edited, refused } from "./edit-outcome.ts";
import { edgeId } from "./port-ref.ts";

/** Removes the edge with this `edgeId`. */
export function disconnect(document: PipelineDocument, id: string): EditOutcome {
  const edges = document.pipeline.edges.filter((edge) => edgeId(edge) !== id);
  if (edges.length === document.pipeline.edges.length) return refused("This connection no longer exists.");
  return edited(withParts(document, { edges }));
}
