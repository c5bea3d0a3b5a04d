import { z } from "zod";
import { readSavepoints } from "../../deployments/read-savepoints.ts";
import { findPipeline } from "../../pipelines/find-pipeline.ts";
import { pipelineId } from "../../pipelines/pipeline-id.ts";
import { procedure } from "../../trpc.ts";

/** The kept checkpoints of a pipeline, newest first. */
export const list = procedure({ role: "viewer" })
  .input(z.strictObject({ pipelineId }))
  .query(async ({ ctx, input }) => {
    const { slug } = await findPipeline(ctx.services.database, input.pipelineId);
    return await readSavepoints(ctx.services.redis, slug);
  });
