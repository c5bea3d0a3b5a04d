import type { NodeDefinition } from "./node-definition.ts";

/** The kinds of nodes that a host knows, by type. */
export interface Catalogue {
  readonly definitions: readonly NodeDefinition[];
  find(type: string): NodeDefinition | undefined;
}

/** Builds a catalogue; two definitions of one type are a programming error. */
export function createCatalogue(definitions: readonly NodeDefinition[]): Catalogue {
  const byType = new Map<string, NodeDefinition>();
  for (const definition of definitions) {
    if (byType.has(definition.type)) throw new Error(`two node definitions of type ${definition.type}`);
    byType.set(definition.type, definition);
  }
  return { definitions, find: (type) => byType.get(type) };
}
