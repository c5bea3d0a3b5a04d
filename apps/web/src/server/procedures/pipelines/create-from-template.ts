import { z } from "zod";
import { createPipeline } from "../../pipelines/create-pipeline.ts";
import { pipelineName } from "../../pipelines/pipeline-id.ts";
import { requirePipeline, rewritePipeline } from "../../pipelines/pipeline-text.ts";
import { findTemplate } from "../../pipelines/templates.ts";
import { procedure } from "../../trpc.ts";

/** A new pipeline that starts as a copy of a template. Returns its id. */
export const createFromTemplate = procedure({ role: "editor" })
  .input(z.strictObject({ templateId: z.string().max(63), name: pipelineName.optional() }))
  .mutation(({ ctx, input }) => {
    const template = findTemplate(input.templateId);
    const document = requirePipeline(template.document, "Choose another template.");
    const name = input.name ?? template.title;
    return createPipeline(ctx.services, ctx.actor, {
      name,
      text: (id) => rewritePipeline(document, { id, name }),
      action: "pipeline.create",
    });
  });
