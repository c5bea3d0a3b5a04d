import type { Catalogue, GraphEdge, GraphNode, JsonObject, JsonValue, NodeDefinition, PipelineDocument, PortSpec } from "@millrace/engine";
import { param } from "@millrace/engine";
import type { z } from "zod";
import { withParts } from "./document-parts.ts";
import { type EditOutcome, edited, refused } from "./edit-outcome.ts";
import { jsonEqual } from "./json-equal.ts";
import { outputPorts } from "./node-ports.ts";
import { type ParamPath, valueAtPath, withValueAtPath } from "./param-path.ts";
import { entryOf, withEntry } from "./plain-record.ts";
import { edgeId, readPortRef, sortEdges, writePortRef } from "./port-ref.ts";

/**
 * Sets one parameter of a node. A value that equals the default is left out of the document, undefined removes it.
 * When outputs follow from the parameter (the branches of a branch), edges follow a renamed output and go with a
 * removed one.
 */
export function setParam(
  document: PipelineDocument,
  catalogue: Catalogue,
  slug: string,
  path: ParamPath,
  value: JsonValue | undefined,
): EditOutcome {
  const node = entryOf(document.pipeline.nodes, slug);
  if (node === undefined || path.length === 0) return refused("This node no longer exists.");
  if (jsonEqual(valueAtPath(node.params, path), value)) return edited(document);
  const definition = catalogue.find(node.type);
  const params = withoutDefaults(withValueAtPath(node.params, path, value), path, definition?.params);
  if (jsonEqual(params, node.params)) return edited(document);
  const changed: GraphNode = { ...node, params };
  const edges = definition === undefined ? document.pipeline.edges : followPorts(document.pipeline.edges, slug, node, changed, definition);
  return edited(withParts(document, { nodes: withEntry(document.pipeline.nodes, slug, changed), edges }));
}

/** Removes the members on `path` that now equal their defaults, the innermost first. */
function withoutDefaults(params: JsonObject, path: ParamPath, schema: z.ZodType | undefined): JsonObject {
  const step = path[0];
  const member: z.ZodType | undefined = schema === undefined ? undefined : param.paramShape(schema)?.[String(step)];
  const meta = member === undefined ? undefined : param.paramMeta(member);
  if (meta === undefined) return params;
  const value = valueAtPath(params, [step]);
  if (meta.param.kind !== "group") {
    return meta.default !== undefined && jsonEqual(value, meta.default) ? withValueAtPath(params, [step], undefined) : params;
  }
  if (!isObject(value)) return params;
  const inner = path.length > 1 ? withoutDefaults(value, path.slice(1), member) : value;
  return withValueAtPath(params, [step], Object.keys(inner).length === 0 ? undefined : inner);
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function followPorts(
  edges: readonly GraphEdge[],
  slug: string,
  before: GraphNode,
  after: GraphNode,
  definition: NodeDefinition,
): readonly GraphEdge[] {
  if (typeof definition.outputs !== "function") return edges;
  const old = outputPorts(before, definition);
  const now = outputPorts(after, definition);
  if (old === null || now === null) return edges;
  const renamed = renamedPort(old, now);
  const gone = new Set(old.map((port) => port.name).filter((name) => !now.some((port) => port.name === name)));
  if (gone.size === 0) return edges;
  const kept = new Map<string, GraphEdge>();
  for (const edge of edges) {
    const from = readPortRef(edge.from);
    if (from.node !== slug || !gone.has(from.port)) kept.set(edgeId(edge), edge);
    else if (renamed?.from === from.port) {
      const moved = { from: writePortRef({ node: slug, port: renamed.to }), to: edge.to };
      kept.set(edgeId(moved), moved);
    }
  }
  return sortEdges([...kept.values()]);
}

/** The one port that has another name at the same place, if exactly one has. */
function renamedPort(old: readonly PortSpec[], now: readonly PortSpec[]): { readonly from: string; readonly to: string } | null {
  if (old.length !== now.length) return null;
  const different = old.flatMap((port, i) => (port.name === now[i].name ? [] : [{ from: port.name, to: now[i].name }]));
  return different.length === 1 ? different[0] : null;
}
