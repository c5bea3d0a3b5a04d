import type { Graph } from "../graph/graph.ts";
import type { NodeDefinition, PortSpec } from "../node/node-definition.ts";
import type { LoweredOperator, OperatorOutput } from "../plan/logical-operator.ts";
import { operatorPorts } from "../plan/map-operator.ts";
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

/**
 * The operator port behind a node's output port. A bare operator stands for its own port of that name, or
 * for its `out`; null when the node lowered nothing under the name.
 */
export function loweredOutput(lowered: CheckedNode["lowered"], port: string): OperatorOutput | null {
  if (!Object.hasOwn(lowered, port)) return null;
  const value = lowered[port];
  if ("operator" in value) return value;
  return { operator: value, port: operatorPorts(value).includes(port) ? port : "out" };
}
