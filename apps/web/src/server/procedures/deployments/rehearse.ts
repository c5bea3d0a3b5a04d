import { z } from "zod";
import { findPipeline } from "../../pipelines/find-pipeline.ts";
import { pipelineId } from "../../pipelines/pipeline-id.ts";
import { requirePipeline, rewritePipeline, unreadableFix } from "../../pipelines/pipeline-text.ts";
import { requireChecked } from "../../pipelines/require-checked.ts";
import { versionText } from "../../pipelines/version-text.ts";
import { procedure } from "../../trpc.ts";

const input = z.strictObject({ pipelineId, savepoint: z.int().positive().optional(), version: z.int().positive().optional() });

/**
 * What a deployment of the draft (or an older version) would keep of the state, node by node: a runtime restores it
 * from the newest checkpoint, or a savepoint, and throws it away again.
 */
export const rehearse = procedure({ role: "operator" })
  .input(input)
  .query(async ({ ctx, input: { pipelineId: slug, savepoint, version } }) => {
    const { database, runtime } = ctx.services;
    const pipeline = await findPipeline(database, slug);
    const text = version === undefined ? pipeline.document : await versionText(database, pipeline.id, version);
    const document = requirePipeline(text, unreadableFix);
    requireChecked(document);
    return await runtime.ask<"restore-rehearsal">({
      kind: "restore-rehearsal",
      pipelineId: slug,
      pipeline: rewritePipeline(document, { id: slug, name: document.pipeline.name }),
      ...(savepoint === undefined ? {} : { savepoint }),
    });
  });
