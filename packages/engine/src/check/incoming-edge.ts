import type { GraphEdge } from "../graph/graph.ts";
import type { PortRef } from "../graph/port-ref.ts";
import type { OperatorOutput } from "../plan/logical-operator.ts";
import type { StreamType } from "../types/stream-type.ts";

/** An edge into the node that is being checked, with what is known of its other end. */
export interface IncomingEdge {
  readonly edge: GraphEdge;
  readonly from: PortRef;
  readonly toPort: string;
  /** null: the node before did not lower. */
  readonly output: OperatorOutput | null;
  readonly type: StreamType | null;
  /** The node before does not run. */
  readonly leftOut: boolean;
}
