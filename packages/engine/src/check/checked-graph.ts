import type { Graph } from "../graph/graph.ts";
import type { NodeDefinition, PortSpec } from "../node/node-definition.ts";
import type { LoweredOperator, OperatorOutput } from "../plan/logical-operator.ts";
import type { StreamType } from "../types/stream-type.ts";

/** A node whose parameters are valid and whose inputs are typed. */
export interface CheckedNode {
  readonly slug: string;
  readonly definition: NodeDefinition;
  /** Output of the definition's params schema. */
  readonly params: unknown;
  readonly outputPorts: readonly PortSpec[];
  /** Type on each output port. */
  readonly outputTypes: Readonly<Record<string, StreamType>>;
  readonly inputTypes: Readonly<Record<string, StreamType>>;
  /** What the node lowered to, by output port (sinks: under `sink`). */
  readonly lowered: Readonly<Record<string, LoweredOperator | OperatorOutput>>;
}

/** A graph in which every node is valid; what `plan` takes. */
export interface CheckedGraph {
  readonly graph: Graph;
  /** In topological order, disabled nodes left out. */
  readonly nodes: readonly CheckedNode[];
}
