import type { JsonObject, JsonValue } from "../types/json-value.ts";
import type { PipelineSettings } from "./pipeline-settings.ts";

/** The newest `formatVersion` that this code reads and the one that it writes. */
export const formatVersion = 1;

/** A pipeline document: the logic and the looks. All objects that hold foreign names have no prototype. */
export interface PipelineDocument {
  readonly formatVersion: number;
  readonly pipeline: Graph;
  readonly layout: Layout;
}

/** The logic of a pipeline. */
export interface Graph {
  /** Slug; names the pipeline in Redis keys, metrics and files. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly settings: PipelineSettings;
  /** By slug: `[a-z][a-z0-9_]{0,62}`. A slug never changes when a node is renamed. */
  readonly nodes: Readonly<Record<string, GraphNode>>;
  /** Sorted by `from`, then `to`. */
  readonly edges: readonly GraphEdge[];
  /** Cases that travel with the pipeline; kept as they are until the tests feature reads them. */
  readonly tests: readonly JsonValue[];
}

export interface GraphNode {
  readonly type: string;
  /** Version of the node's definition that wrote the params. */
  readonly version: number;
  /** Shown on the card; empty = the definition's label. */
  readonly label: string;
  /** As saved: JSON, not yet validated. */
  readonly params: JsonObject;
  /** A disabled node is left out together with what hangs on it alone. Unknown types are placeholders: disabled by the parser. */
  readonly disabled: boolean;
}

/** Both ends are `slug.port`. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
}

export interface Layout {
  readonly nodes: Readonly<Record<string, Position>>;
  readonly notes: readonly Note[];
}

export interface Position {
  readonly x: number;
  readonly y: number;
}

export interface Note extends Position {
  readonly id: string;
  readonly text: string;
  readonly width: number;
  readonly height: number;
}
