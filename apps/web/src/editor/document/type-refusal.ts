import type { CheckReport, Diagnostic, Graph, GraphEdge } from "@millrace/engine";
import { readPortRef, sortEdges } from "./port-ref.ts";

/** Findings that a connection brings about only because something else is not there yet. */
const notToBlame: ReadonlySet<string> = new Set(["PARAM_MISSING", "INPUT_MISSING", "INPUT_DISABLED"]);

/**
 * Why the records of one port do not fit another, in the checker's words; null = they fit, or nobody knows yet.
 * Only findings that the edge itself brings about count: those at the edge, or at the port that it leads to.
 */
export function typeRefusal(graph: Graph, edge: GraphEdge, before: CheckReport, check: (graph: Graph) => CheckReport): string | null {
  const after = check({ ...graph, edges: sortEdges([...graph.edges, edge]) });
  const target = readPortRef(edge.to);
  const known = new Set(before.diagnostics.map(identity));
  const blamed = after.diagnostics.find(({ severity, code, place, ...rest }) => {
    if (severity !== "error" || notToBlame.has(code) || known.has(identity({ severity, code, place, ...rest }))) return false;
    if (place.edge !== undefined) return place.edge.from === edge.from && place.edge.to === edge.to;
    return place.node === target.node && (place.port === target.port || (place.port === undefined && place.param === undefined));
  });
  return blamed === undefined ? null : blamed.fix === undefined ? blamed.message : `${blamed.message} ${blamed.fix}`;
}

function identity(diagnostic: Diagnostic): string {
  return `${diagnostic.code} ${JSON.stringify(diagnostic.place)} ${diagnostic.message}`;
}
