import { z } from "zod";
import { deploymentColumns, deploymentView } from "../../deployments/deployment-view.ts";
import { readStatuses } from "../../deployments/read-statuses.ts";
import { findPipeline } from "../../pipelines/find-pipeline.ts";
import { pipelineId } from "../../pipelines/pipeline-id.ts";
import { procedure } from "../../trpc.ts";

/** The last deployments of a pipeline with their versions' comments, and who did what to it; newest first. */
export const history = procedure({ role: "viewer" })
  .input(z.strictObject({ pipelineId, limit: z.int().min(1).max(100).default(50) }))
  .query(async ({ ctx, input }) => {
    const { database, redis, nowMs } = ctx.services;
    const pipeline = await findPipeline(database, input.pipelineId);
    const [rows, audit] = await Promise.all([
      database.deployment.findMany({
        where: { pipelineId: pipeline.id },
        orderBy: { createdAt: "desc" },
        take: input.limit,
        select: { ...deploymentColumns, version: { select: { comment: true, contentHash: true } } },
      }),
      database.auditEntry.findMany({ where: { subject: `pipeline:${pipeline.slug}` }, orderBy: { id: "desc" }, take: input.limit }),
    ]);
    const statuses = await readStatuses(
      redis,
      rows.map((row) => row.id),
    ).catch(() => null);
    return {
      deployments: rows.map((row) => ({
        ...deploymentView(row, statuses, nowMs()),
        comment: row.version.comment,
        contentHash: row.version.contentHash,
      })),
      activity: audit.map((entry) => ({
        id: entry.id,
        atMs: entry.at.getTime(),
        actor: entry.actor,
        action: entry.action,
        details: entry.details,
      })),
    };
  });
