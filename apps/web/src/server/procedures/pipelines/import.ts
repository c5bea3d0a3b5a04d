import { z } from "zod";
import { createPipeline } from "../../pipelines/create-pipeline.ts";
import { importInvalid, pipelineTextLimit, readPipelineText, rewritePipeline } from "../../pipelines/pipeline-text.ts";
import { procedure } from "../../trpc.ts";

/** A new pipeline from exported text; it always gets an id of its own. Returns it with what was repaired or left out. */
export const importPipeline = procedure({ role: "editor" })
  .input(z.strictObject({ text: z.string().max(pipelineTextLimit) }))
  .mutation(async ({ ctx, input }) => {
    const parsed = readPipelineText(input.text);
    if (!parsed.ok) throw importInvalid(parsed, "Choose a file that Millrace exported.");
    const name = parsed.value.pipeline.name.trim().slice(0, 120) || "Imported pipeline";
    const created = await createPipeline(ctx.services, ctx.actor, {
      name,
      text: (id) => rewritePipeline(parsed.value, { id, name }),
      action: "pipeline.import",
    });
    return { ...created, name, warnings: parsed.warnings };
  });
