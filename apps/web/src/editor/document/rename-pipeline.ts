import type { PipelineDocument } from "@millrace/engine";
import { type EditOutcome, edited, refused } from "./edit-outcome.ts";

/** Longest name of a pipeline, UTF-16 units. */
export const longestPipelineName = 120;

/** Sets the name of the pipeline; its id stays. */
export function renamePipeline(document: PipelineDocument, name: string): EditOutcome {
  const tidy = name.replace(/\s+/g, " ").trim();
  if (tidy === "") return refused("A pipeline needs a name.");
  if (tidy.length > longestPipelineName) return refused(`The name is ${tidy.length} characters long; the limit is ${longestPipelineName}.`);
  if (tidy === document.pipeline.name) return edited(document);
  return edited({ ...document, pipeline: { ...document.pipeline, name: tidy } });
}
