import type { NodeDefinition } from "../node/node-definition.ts";
import type { JsonObject, JsonValue } from "../types/json-value.ts";
import { isObject } from "./document-reader.ts";
import { formatVersion, type GraphNode } from "./graph.ts";

/** Brings a whole document one format forward: entry `n` reads format `n + 1` and writes `n + 2`. Pure. */
const formatSteps: readonly ((document: JsonObject) => JsonObject)[] = [];

/** Brings a document of format `from` (1 to the present one) to the present format. */
export function migrateFormat(document: JsonObject, from: number): JsonObject {
  return formatSteps.slice(from - 1, formatVersion - 1).reduce((old, step) => step(old), document);
}

/**
 * Brings a node of an older version to the definition's. Null when the definition's migration cannot take
 * these params; they are foreign, and no migration foresees everything.
 */
export function migrateNode(node: GraphNode, definition: NodeDefinition): GraphNode | null {
  if (node.version >= definition.version) return node;
  let params: JsonValue = node.params;
  try {
    params = definition.migrateParams?.(node.params, node.version) ?? node.params;
  } catch {
    return null;
  }
  return isObject(params) ? { ...node, version: definition.version, params } : null;
}
