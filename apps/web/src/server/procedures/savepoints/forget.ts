import { redisKeys } from "@millrace/protocol";
import { z } from "zod";
import { findPipeline } from "../../pipelines/find-pipeline.ts";
import { pipelineId } from "../../pipelines/pipeline-id.ts";
import { procedure } from "../../trpc.ts";

/** Gives a savepoint up; its chunks go with the next garbage collection. Forgetting one that is gone changes nothing. */
export const forget = procedure({ role: "operator" })
  .input(z.strictObject({ pipelineId, checkpoint: z.int().positive() }))
  .mutation(async ({ ctx, input }) => {
    const { database, redis } = ctx.services;
    const { slug } = await findPipeline(database, input.pipelineId);
    const removed = await redis.hdel(redisKeys.savepoints(slug), String(input.checkpoint), `${input.checkpoint}:manifest`);
    if (removed > 0) {
      const details = { checkpoint: input.checkpoint };
      await database.auditEntry.create({
        data: { actor: ctx.actor.name, action: "savepoint.forget", subject: `pipeline:${slug}`, details },
      });
    }
    return { checkpoint: input.checkpoint, forgotten: removed > 0 };
  });
