import { templates } from "@millrace/nodes";
import { templateView } from "../../pipelines/template-view.ts";
import { procedure } from "../../trpc.ts";

/** All templates of the gallery, in its order. */
export const list = procedure({ role: "viewer" }).query(() => templates.map(templateView));
