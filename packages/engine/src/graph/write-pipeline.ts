import type { Catalogue } from "../node/catalogue.ts";
import type { JsonObject } from "../types/json-value.ts";
import { canonicalParams, sortedJson } from "./canonical-params.ts";
import { members, record } from "./document-reader.ts";
import type { Graph, GraphEdge, GraphNode, Layout, PipelineDocument } from "./graph.ts";
import { canonicalSettings } from "./pipeline-settings.ts";
import { compareText } from "./port-ref.ts";
import { stripSecrets } from "./strip-secrets.ts";

/**
 * The canonical text of a document: fixed order of members, nodes and edges sorted, two spaces, nothing
 * that is empty, equal to its default or a plain-text secret, a line feed at the end. Two documents that mean and look the same
 * have the same text; what `parsePipeline` reads from it is written as the same bytes again.
 */
export function writePipeline(document: PipelineDocument, catalogue: Catalogue): string {
  const { pipeline } = document;
  const value = members({
    formatVersion: document.formatVersion,
    pipeline: members({
      id: pipeline.id,
      name: pipeline.name,
      description: orNone(pipeline.description, ""),
      settings: canonicalSettings(pipeline.settings),
      nodes: canonicalNodes(pipeline, catalogue, true),
      edges: canonicalEdges(pipeline.edges),
      tests: pipeline.tests.length === 0 ? undefined : sortedJson(pipeline.tests),
    }),
    layout: canonicalLayout(document.layout),
  });
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** The canonical form of what a pipeline does, without its names, words, tests and looks; what `contentHash` covers. */
export function canonicalLogic(graph: Graph, catalogue: Catalogue): JsonObject {
  return members({
    settings: canonicalSettings(graph.settings),
    nodes: canonicalNodes(graph, catalogue, false),
    edges: canonicalEdges(graph.edges),
  });
}

function canonicalNodes(graph: Graph, catalogue: Catalogue, labels: boolean): JsonObject {
  const slugs = Object.keys(graph.nodes).sort(compareText);
  return record(slugs.map((slug) => [slug, canonicalNode(graph.nodes[slug], catalogue, labels)] as const));
}

function canonicalNode(node: GraphNode, catalogue: Catalogue, labels: boolean): JsonObject {
  const definition = catalogue.find(node.type);
  const known = definition !== undefined && definition.version === node.version;
  const params = canonicalParams(stripSecrets(node.params, definition?.params).params, known ? definition.params : undefined);
  return members({
    type: node.type,
    version: node.version,
    label: labels ? orNone(node.label, "") : undefined,
    params: Object.keys(params).length === 0 ? undefined : params,
    disabled: orNone(node.disabled, false),
  });
}

function canonicalEdges(edges: readonly GraphEdge[]): readonly JsonObject[] {
  const sorted = [...edges].sort((a, b) => compareText(a.from, b.from) || compareText(a.to, b.to));
  return sorted.map((edge) => members({ from: edge.from, to: edge.to }));
}

function canonicalLayout(layout: Layout): JsonObject | undefined {
  const slugs = Object.keys(layout.nodes).sort(compareText);
  const nodes = record(slugs.map((slug) => [slug, members({ x: whole(layout.nodes[slug].x), y: whole(layout.nodes[slug].y) })] as const));
  const notes = [...layout.notes]
    .sort((a, b) => compareText(a.id, b.id))
    .map((note) =>
      members({ id: note.id, text: note.text, x: whole(note.x), y: whole(note.y), width: whole(note.width), height: whole(note.height) }),
    );
  if (slugs.length === 0 && notes.length === 0) return undefined;
  return members({ nodes: slugs.length === 0 ? undefined : nodes, notes: notes.length === 0 ? undefined : notes });
}

/** Whole pixels: a drag leaves fractions that nobody sees and every diff would show. */
function whole(value: number): number {
  return Number.isFinite(value) ? Math.round(value) + 0 : 0;
}

function orNone<T>(value: T, none: T): T | undefined {
  return value === none ? undefined : value;
}
