import type { NodeCategory } from "@millrace/engine";

/** The categories in the order in which records pass them, with their headings. */
export const categories: readonly { readonly category: NodeCategory; readonly heading: string }[] = [
  { category: "source", heading: "Sources" },
  { category: "transform", heading: "Transforms" },
  { category: "window", heading: "Windows" },
  { category: "join", heading: "Joins" },
  { category: "pattern", heading: "Patterns and alerts" },
  { category: "sink", heading: "Sinks" },
];

/** What a node of a category is called. */
export const categoryWords: Readonly<Record<NodeCategory, string>> = {
  source: "Source",
  transform: "Transform",
  window: "Window",
  join: "Join",
  pattern: "Pattern",
  sink: "Sink",
};
