import { z } from "zod";
import { desiredEntry } from "../../deployments/desired-entry.ts";
import { mirrorDesired, toldRuntimes } from "../../deployments/mirror-desired.ts";
import { recordDeployment } from "../../deployments/record-deployment.ts";
import { findPipeline } from "../../pipelines/find-pipeline.ts";
import { pipelineId } from "../../pipelines/pipeline-id.ts";
import { requirePipeline, unreadableFix } from "../../pipelines/pipeline-text.ts";
import { requireChecked } from "../../pipelines/require-checked.ts";
import { versionText } from "../../pipelines/version-text.ts";
import { procedure } from "../../trpc.ts";

const input = z.strictObject({
  pipelineId,
  comment: z.string().trim().max(500).default(""),
  startFrom: z.enum(["latest", "empty"]).default("latest"),
  /** Start from this savepoint instead of the newest checkpoint. */
  savepoint: z.int().positive().optional(),
  /** Deploy this older version instead of the draft. */
  version: z.int().positive().optional(),
});

/**
 * Makes the draft (or an older version) run in place of what runs now. Refused with `PIPELINE_INVALID` and all findings
 * when it has errors. `announced` is false when Redis is away: it starts when Redis is back.
 */
export const deploy = procedure({ role: "operator" })
  .input(input)
  .mutation(async ({ ctx, input: { pipelineId: slug, comment, startFrom, savepoint, version } }) => {
    const { database, redis, queue } = ctx.services;
    const pipeline = await findPipeline(database, slug);
    const text = version === undefined ? pipeline.document : await versionText(ctx.services.database, pipeline.id, version);
    const document = requirePipeline(text, unreadableFix);
    requireChecked(document);
    const { deployment, replaced } = await recordDeployment(database, ctx.actor, {
      pipelineKey: pipeline.id,
      slug,
      document,
      comment,
      startFrom,
      savepoint: savepoint ?? null,
    });
    const announced = await toldRuntimes(async () => {
      await mirrorDesired(redis, { start: deployment, stop: replaced });
      await queue.add(desiredEntry(deployment).job);
    });
    return { deploymentId: deployment.id, version: deployment.versionNumber, announced };
  });
