import type { Template } from "@millrace/nodes";
import { requirePipeline } from "./pipeline-text.ts";

/** A template for the gallery: all of it, its document parsed so that the graph can be drawn. */
export function templateView(template: Template) {
  const { document, ...words } = template;
  const { pipeline, layout } = requirePipeline(document, "Choose another template.");
  return { ...words, pipeline, layout };
}

export type TemplateView = ReturnType<typeof templateView>;
