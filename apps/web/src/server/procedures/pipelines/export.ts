import { z } from "zod";
import { findPipeline } from "../../pipelines/find-pipeline.ts";
import { pipelineId } from "../../pipelines/pipeline-id.ts";
import { readPipelineText, rewritePipeline } from "../../pipelines/pipeline-text.ts";
import { procedure } from "../../trpc.ts";

/** The draft as canonical text, or as it was saved when it cannot be read (`raw`). */
export const exportPipeline = procedure({ role: "viewer" })
  .input(z.strictObject({ id: pipelineId }))
  .query(async ({ ctx, input }) => {
    const row = await findPipeline(ctx.services.database, input.id);
    const parsed = readPipelineText(row.document);
    if (!parsed.ok) return { fileName: `${row.slug}.raw.txt`, text: row.document, raw: true };
    return { fileName: `${row.slug}.json`, text: rewritePipeline(parsed.value, { id: row.slug, name: row.name }), raw: false };
  });
