import type { JsonObject } from "@millrace/engine";

/** A pipeline of the gallery. */
export interface Template {
  /** Stable kebab-case name. */
  readonly id: string;
  readonly title: string;
  /** One sentence: what it does. */
  readonly summary: string;
  /** Markdown: what happens in it, and what to try. */
  readonly description: string;
  /** What one learns from it, as short tags. */
  readonly teaches: readonly string[];
  readonly difficulty: "starter" | "intermediate" | "advanced";
  /** True when it runs as it is; false when something of one's own, such as a file, has to be filled in first. */
  readonly runsAsIs: boolean;
  /** The pipeline document as canonical text; give it an id of its own before saving it. */
  readonly document: string;
}

/** The canonical text of a document whose members stand in canonical order. */
export function documentText(document: JsonObject): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
