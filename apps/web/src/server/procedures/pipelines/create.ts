import { z } from "zod";
import { createPipeline } from "../../pipelines/create-pipeline.ts";
import { pipelineName } from "../../pipelines/pipeline-id.ts";
import { blankPipeline } from "../../pipelines/pipeline-text.ts";
import { procedure } from "../../trpc.ts";

/** A new, empty pipeline. Returns its id. */
export const create = procedure({ role: "editor" })
  .input(z.strictObject({ name: pipelineName }))
  .mutation(({ ctx, input }) =>
    createPipeline(ctx.services, ctx.actor, {
      name: input.name,
      text: (id) => blankPipeline({ id, name: input.name }),
      action: "pipeline.create",
    }),
  );
