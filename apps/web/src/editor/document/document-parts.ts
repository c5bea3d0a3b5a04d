import type { GraphEdge, GraphNode, Note, PipelineDocument, Position } from "@millrace/engine";
import type { PlainRecord } from "./plain-record.ts";

/** The parts of a document that commands replace. */
export interface DocumentParts {
  readonly nodes?: PlainRecord<GraphNode>;
  readonly edges?: readonly GraphEdge[];
  readonly positions?: PlainRecord<Position>;
  readonly notes?: readonly Note[];
}

/** The document with some parts replaced. Parts that are the same objects keep `pipeline` and `layout` the same objects. */
export function withParts(document: PipelineDocument, parts: DocumentParts): PipelineDocument {
  const { pipeline, layout } = document;
  const { nodes = pipeline.nodes, edges = pipeline.edges, positions = layout.nodes, notes = layout.notes } = parts;
  const sameLogic = nodes === pipeline.nodes && edges === pipeline.edges;
  const sameLooks = positions === layout.nodes && notes === layout.notes;
  if (sameLogic && sameLooks) return document;
  return {
    ...document,
    pipeline: sameLogic ? pipeline : { ...pipeline, nodes, edges },
    layout: sameLooks ? layout : { ...layout, nodes: positions, notes },
  };
}
