import { z } from "zod";
import { templateView } from "../../pipelines/template-view.ts";
import { findTemplate } from "../../pipelines/templates.ts";
import { procedure } from "../../trpc.ts";

/** One template. */
export const get = procedure({ role: "viewer" })
  .input(z.strictObject({ id: z.string().max(63) }))
  .query(({ input }) => templateView(findTemplate(input.id)));
