import { z } from "zod";
import { desiredEntry } from "../../deployments/desired-entry.ts";
import { mirrorDesired, toldRuntimes } from "../../deployments/mirror-desired.ts";
import { recordDeployment } from "../../deployments/record-deployment.ts";
import { Problem } from "../../errors/problem.ts";
import { findPipeline } from "../../pipelines/find-pipeline.ts";
import { pipelineId } from "../../pipelines/pipeline-id.ts";
import { requirePipeline, unreadableFix } from "../../pipelines/pipeline-text.ts";
import { requireChecked } from "../../pipelines/require-checked.ts";
import type { Services } from "../../services.ts";
import { procedure } from "../../trpc.ts";

const input = z.strictObject({
  pipelineId,
  comment: z.string().trim().max(500).default(""),
  startFrom: z.enum(["latest", "empty"]).default("latest"),
  /** Deploy this older version instead of the draft. */
  version: z.int().positive().optional(),
});

/**
 * Makes the draft (or an older version) run in place of what runs now. Refused with `PIPELINE_INVALID` and all findings
 * when it has errors. `announced` is false when Redis is away: it starts when Redis is back.
 */
export const deploy = procedure({ role: "operator" })
  .input(input)
  .mutation(async ({ ctx, input: { pipelineId: slug, comment, startFrom, version } }) => {
    const { database, redis, queue } = ctx.services;
    const pipeline = await findPipeline(database, slug);
    const text = version === undefined ? pipeline.document : await versionText(ctx.services, pipeline.id, version);
    const document = requirePipeline(text, unreadableFix);
    requireChecked(document);
    const { deployment, replaced } = await recordDeployment(database, ctx.actor, {
      pipelineKey: pipeline.id,
      slug,
      document,
      comment,
      startFrom,
    });
    const announced = await toldRuntimes(async () => {
      await mirrorDesired(redis, { start: deployment, stop: replaced });
      await queue.add(desiredEntry(deployment).job);
    });
    return { deploymentId: deployment.id, version: deployment.versionNumber, announced };
  });

async function versionText({ database }: Services, pipelineKey: string, number: number): Promise<string> {
  const version = await database.pipelineVersion.findUnique({ where: { pipelineId_number: { pipelineId: pipelineKey, number } } });
  if (version !== null) return version.document;
  throw new Problem({ transport: "NOT_FOUND", code: "VERSION_NOT_FOUND", message: `There is no version ${number} of this pipeline.` });
}
