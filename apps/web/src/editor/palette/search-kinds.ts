import type { NodeDefinition } from "@millrace/engine";

/**
 * The kinds of nodes that fit what somebody types, best first. Every word must occur: at the start of the label, in
 * the label, in the type, or in the summary, in this order of merit. An empty query fits all, in catalogue order.
 */
export function searchKinds(definitions: readonly NodeDefinition[], query: string): readonly NodeDefinition[] {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  if (words.length === 0) return definitions;
  return definitions
    .map((definition) => ({ definition, merit: words.reduce((sum, word) => sum + merit(definition, word), 0) }))
    .filter((entry) => Number.isFinite(entry.merit))
    .sort((a, b) => a.merit - b.merit)
    .map((entry) => entry.definition);
}

function merit({ label, type, category, summary }: NodeDefinition, word: string): number {
  const name = label.toLowerCase();
  if (name.startsWith(word)) return 0;
  if (name.includes(word)) return 1;
  if (type.includes(word) || category.startsWith(word)) return 2;
  return summary.toLowerCase().includes(word) ? 3 : Number.POSITIVE_INFINITY;
}
