import type { Catalogue, PipelineDocument } from "@millrace/engine";
import { connectionRefusal } from "./connection-refusal.ts";
import { withParts } from "./document-parts.ts";
import { type EditOutcome, edited, refused } from "./edit-outcome.ts";
import { edgeBetween, type PortRef, sortEdges } from "./port-ref.ts";

/** Connects an output to an input, or says why not. */
export function connect(document: PipelineDocument, catalogue: Catalogue, from: PortRef, to: PortRef): EditOutcome {
  const refusal = connectionRefusal(document, catalogue, from, to);
  if (refusal !== null) return refused(refusal);
  return edited(withParts(document, { edges: sortEdges([...document.pipeline.edges, edgeBetween(from, to)]) }));
}
