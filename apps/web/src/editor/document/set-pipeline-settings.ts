import type { PipelineDocument, PipelineSettings } from "@millrace/engine";
import { type EditOutcome, edited, refused } from "./edit-outcome.ts";

/** Longest description of a pipeline, UTF-16 units. */
export const longestDescription = 2000;

/** Sets what a pipeline is for, in words. */
export function setDescription(document: PipelineDocument, description: string): EditOutcome {
  if (description.length > longestDescription)
    return refused(`The description is ${description.length} characters long; the limit is ${longestDescription}.`);
  if (description === document.pipeline.description) return edited(document);
  return edited({ ...document, pipeline: { ...document.pipeline, description } });
}

/** Sets the time between two checkpoints, ms. */
export function setCheckpointInterval(document: PipelineDocument, checkpointIntervalMs: number): EditOutcome {
  const { pipeline } = document;
  if (checkpointIntervalMs === pipeline.settings.checkpointIntervalMs) return edited(document);
  return edited({ ...document, pipeline: { ...pipeline, settings: { ...pipeline.settings, checkpointIntervalMs } } });
}

/** Sets what the pipeline promises its sinks. */
export function setDelivery(document: PipelineDocument, delivery: PipelineSettings["delivery"]): EditOutcome {
  const { pipeline } = document;
  if (delivery === pipeline.settings.delivery) return edited(document);
  return edited({ ...document, pipeline: { ...pipeline, settings: { ...pipeline.settings, delivery } } });
}

/** Sets where the pipeline keeps its state. */
export function setStateMode(document: PipelineDocument, state: PipelineSettings["state"]): EditOutcome {
  const { pipeline } = document;
  if (state === pipeline.settings.state) return edited(document);
  return edited({ ...document, pipeline: { ...pipeline, settings: { ...pipeline.settings, state } } });
}

/** Sets over how many workers the pipeline is spread. */
export function setParallelism(document: PipelineDocument, parallelism: number): EditOutcome {
  const { pipeline } = document;
  if (parallelism === pipeline.settings.parallelism) return edited(document);
  return edited({ ...document, pipeline: { ...pipeline, settings: { ...pipeline.settings, parallelism } } });
}
