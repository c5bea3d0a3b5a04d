import { z } from "zod";
import { editDraft } from "../../pipelines/edit-pipeline.ts";
import { pipelineId, pipelineName } from "../../pipelines/pipeline-id.ts";
import { readPipelineText, rewritePipeline } from "../../pipelines/pipeline-text.ts";
import { procedure } from "../../trpc.ts";

/** Gives a pipeline another name; its id stays. Text that cannot be read is left as it is. */
export const rename = procedure({ role: "editor" })
  .input(z.strictObject({ id: pipelineId, name: pipelineName }))
  .mutation(({ ctx, input }) =>
    editDraft(ctx.services, input.id, (row) => {
      const parsed = readPipelineText(row.document);
      return { name: input.name, document: parsed.ok ? rewritePipeline(parsed.value, input) : row.document };
    }),
  );
