import { catalogue } from "@millrace/nodes";
import { z } from "zod";
import { placeNodes } from "../../../editor/canvas/layout/place-nodes.ts";
import { createPipeline } from "../../pipelines/create-pipeline.ts";
import { importInvalid, pipelineTextLimit, readPipelineText, rewritePipeline } from "../../pipelines/pipeline-text.ts";
import { procedure } from "../../trpc.ts";

/**
 * A new pipeline from exported text; it always gets an id of its own, and nodes without a place get one. Returns it with
 * what was repaired or left out.
 */
export const importPipeline = procedure({ role: "editor" })
  .input(z.strictObject({ text: z.string().max(pipelineTextLimit) }))
  .mutation(async ({ ctx, input }) => {
    const parsed = readPipelineText(input.text);
    if (!parsed.ok) throw importInvalid(parsed, "Choose a file that Millrace exported.");
    const name = parsed.value.pipeline.name.trim().slice(0, 120) || "Imported pipeline";
    const document = placeNodes(parsed.value, catalogue);
    const created = await createPipeline(ctx.services, ctx.actor, {
      name,
      text: (id) => rewritePipeline(document, { id, name }),
      action: "pipeline.import",
    });
    return { ...created, name, warnings: parsed.warnings };
  });
