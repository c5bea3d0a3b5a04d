import { z } from "zod";
import { createPipeline } from "../../pipelines/create-pipeline.ts";
import { findPipeline } from "../../pipelines/find-pipeline.ts";
import { pipelineId } from "../../pipelines/pipeline-id.ts";
import { requirePipeline, rewritePipeline, unreadableFix } from "../../pipelines/pipeline-text.ts";
import { procedure } from "../../trpc.ts";

/** A copy of the draft as a pipeline of its own, without its deployments and state. Returns the new id. */
export const duplicate = procedure({ role: "editor" })
  .input(z.strictObject({ id: pipelineId }))
  .mutation(async ({ ctx, input }) => {
    const row = await findPipeline(ctx.services.database, input.id);
    const document = requirePipeline(row.document, unreadableFix);
    const name = `${row.name.slice(0, 113)} (copy)`;
    return createPipeline(ctx.services, ctx.actor, {
      name,
      text: (id) => rewritePipeline(document, { id, name }),
      action: "pipeline.duplicate",
    });
  });
