import type { Redis } from "ioredis";
import { z } from "zod";
import { hasEnded } from "../../../live/observe-deployment.ts";
import { readStatuses } from "../../deployments/read-statuses.ts";
import { Problem } from "../../errors/problem.ts";
import { log } from "../../log.ts";
import { findPipeline } from "../../pipelines/find-pipeline.ts";
import { forgetPipelineState } from "../../pipelines/forget-pipeline-state.ts";
import { pipelineId } from "../../pipelines/pipeline-id.ts";
import { procedure } from "../../trpc.ts";

/** Deletes a pipeline with its versions, its state and what its sinks keep in Redis. One that runs must be stopped first. */
export const deletePipeline = procedure({ role: "editor" })
  .input(z.strictObject({ id: pipelineId }))
  .mutation(async ({ ctx, input }) => {
    const { database, redis } = ctx.services;
    const pipeline = await findPipeline(database, input.id);
    const running = await database.deployment.findFirst({ where: { pipelineId: pipeline.id, desired: "RUNNING" } });
    if (running !== null && !(await hasEndedByItself(redis, running.id))) throw stillRunning(pipeline.name);
    const deployments = await database.deployment.findMany({ where: { pipelineId: pipeline.id }, select: { id: true } });
    await database.$transaction([
      database.pipeline.delete({ where: { id: pipeline.id } }),
      database.auditEntry.create({
        data: { actor: ctx.actor.name, action: "pipeline.delete", subject: `pipeline:${input.id}`, details: { name: pipeline.name } },
      }),
    ]);
    await forgetPipelineState(
      redis,
      input.id,
      deployments.map((deployment) => deployment.id),
    ).catch((error: unknown) => log.warn({ pipeline: input.id, reason: String(error) }, "state of a deleted pipeline stays in Redis"));
    return { id: input.id };
  });

/** One that finished or failed for good is wanted still, but does not run; when Redis is away nobody can say. */
async function hasEndedByItself(redis: Redis, deploymentId: string): Promise<boolean> {
  const statuses = await readStatuses(redis, [deploymentId]).catch(() => null);
  const status = statuses?.get(deploymentId);
  return status !== undefined && hasEnded(status.state);
}

function stillRunning(name: string): Problem {
  return new Problem({
    transport: "CONFLICT",
    code: "PIPELINE_RUNNING",
    message: `${name} is deployed and would go on running.`,
    fix: "Stop it, then delete it.",
  });
}
