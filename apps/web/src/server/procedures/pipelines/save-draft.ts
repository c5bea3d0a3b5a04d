import { z } from "zod";
import { replaceDraft } from "../../pipelines/edit-pipeline.ts";
import { pipelineId } from "../../pipelines/pipeline-id.ts";
import { pipelineTextLimit, requirePipeline, rewritePipeline } from "../../pipelines/pipeline-text.ts";
import { procedure } from "../../trpc.ts";

/**
 * Saves the draft. The text must be a pipeline; it need not be one that can run. Refused with `REVISION_CONFLICT` when
 * somebody saved in between, and then `details` holds both revisions.
 */
export const saveDraft = procedure({ role: "editor" })
  .input(z.strictObject({ id: pipelineId, document: z.string().max(pipelineTextLimit), expectedRevision: z.int().positive() }))
  .mutation(({ ctx, input }) => {
    const document = requirePipeline(input.document, "Undo the last change, or load the saved draft again.");
    const name = document.pipeline.name.trim().slice(0, 120) || input.id;
    return replaceDraft(ctx.services, input.id, input.expectedRevision, {
      name,
      document: rewritePipeline(document, { id: input.id, name }),
    });
  });
