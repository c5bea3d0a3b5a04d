import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { NodeDefinition, PortSpec } from "../node/node-definition.ts";
import type { StreamType } from "../types/stream-type.ts";
import type { CheckedGraph } from "./checked-graph.ts";

/** Everything that a check finds out about a graph. */
export interface CheckReport {
  /** All findings: those of the nodes in topological order, then those of edges and of the whole. */
  readonly diagnostics: readonly Diagnostic[];
  /** By slug, every node of the graph, disabled ones too. */
  readonly nodes: ReadonlyMap<string, NodeReport>;
  /** What `planGraph` takes; null when there is any error. */
  readonly checked: CheckedGraph | null;
}

/** What a check finds out about one node; it is as complete as the other nodes allow. */
export interface NodeReport {
  readonly slug: string;
  /** null: an unknown type, or a version newer than the catalogue's. */
  readonly definition: NodeDefinition | null;
  /** Output of the params schema; null when it refuses them. */
  readonly params: unknown;
  /** Type at each input port (the first one, where a port takes many); null = not known, or not connected. */
  readonly inputTypes: Readonly<Record<string, StreamType | null>>;
  /** Type at each output port; null = not known. */
  readonly outputTypes: Readonly<Record<string, StreamType | null>>;
  /** When they depend on params that are not valid: those that edges start at. */
  readonly outputPorts: readonly PortSpec[];
  /** The line on the card; empty while the params are not valid. */
  readonly headline: string;
  /** True when the node does not run: disabled, or behind disabled nodes alone. It has no findings then, unless it is a placeholder. */
  readonly leftOut: boolean;
  readonly diagnostics: readonly Diagnostic[];
}
