import { z } from "zod";
import { deploymentColumns, deploymentView } from "../../deployments/deployment-view.ts";
import { readStatuses } from "../../deployments/read-statuses.ts";
import { pipelineNotFound } from "../../pipelines/find-pipeline.ts";
import { pipelineId } from "../../pipelines/pipeline-id.ts";
import { readPipelineText } from "../../pipelines/pipeline-text.ts";
import { procedure } from "../../trpc.ts";

/**
 * A pipeline with its draft, and the deployment and version that were started last. `diagnostics` is empty unless the
 * saved text cannot be read; then `document` holds it all the same.
 */
export const get = procedure({ role: "viewer" })
  .input(z.strictObject({ id: pipelineId }))
  .query(async ({ ctx, input }) => {
    const { database, redis, nowMs } = ctx.services;
    const row = await database.pipeline.findUnique({
      where: { slug: input.id },
      include: { deployments: { orderBy: { createdAt: "desc" }, take: 1, select: { ...deploymentColumns, version: true } } },
    });
    if (row === null) throw pipelineNotFound(input.id);
    const parsed = readPipelineText(row.document);
    const newest = row.deployments[0];
    const statuses = newest === undefined ? null : await readStatuses(redis, [newest.id]).catch(() => null);
    return {
      id: row.slug,
      name: row.name,
      document: row.document,
      revision: row.revision,
      createdAtMs: row.createdAt.getTime(),
      updatedAtMs: row.updatedAt.getTime(),
      diagnostics: parsed.ok ? [] : parsed.diagnostics,
      deployment: newest === undefined ? null : deploymentView(newest, statuses, nowMs()),
      /** The version that runs or ran last. */
      deployed:
        newest === undefined
          ? null
          : {
              version: newest.version.number,
              document: newest.version.document,
              contentHash: newest.version.contentHash,
              comment: newest.version.comment,
              createdAtMs: newest.version.createdAt.getTime(),
            },
    };
  });
