import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Graph } from "../../graph/graph.ts";
import type { NodeReport } from "../check-report.ts";

/** What a rule about the graph as a whole may look at. */
export interface GraphContext {
  readonly graph: Graph;
  readonly nodes: ReadonlyMap<string, NodeReport>;
  /** Ends of edges that are drawn, as `node.port`. */
  readonly connected: ReadonlySet<string>;
  readonly labelOf: (slug: string) => string;
}

/** A rule about the graph as a whole; it runs once. */
export type GraphRule = (context: GraphContext) => readonly Diagnostic[];
