import type { PipelineDocument } from "@millrace/engine";
import { type EditOutcome, edited } from "./edit-outcome.ts";
import { emptySelection } from "./selection.ts";

/** Puts an imported document in place of this one, which keeps its own id, as one step that can be undone. */
export function replaceDocument(document: PipelineDocument, imported: PipelineDocument): EditOutcome {
  return edited({ ...imported, pipeline: { ...imported.pipeline, id: document.pipeline.id } }, emptySelection);
}
