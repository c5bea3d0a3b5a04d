import type { PipelineDocument } from "@millrace/engine";
import type { templates } from "@millrace/nodes";
import { requirePipeline } from "./pipeline-text.ts";

type Template = (typeof templates)[number];

/** A template as the gallery shows it, with its graph to draw. */
export interface TemplateView {
  readonly id: string;
  readonly title: string;
  /** One sentence of what it does. */
  readonly summary: string;
  /** Some paragraphs, Markdown. */
  readonly description: string;
  /** What it teaches. */
  readonly tags: readonly string[];
  readonly document: PipelineDocument;
}

/** Reads a template's document for the gallery. */
export function readTemplate(template: Template): TemplateView {
  const { id, title, summary, description, tags, text } = template;
  return { id, title, summary, description, tags, document: requirePipeline(text) };
}
