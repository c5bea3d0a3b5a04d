import { type Diagnostic, error } from "../../diagnostics/diagnostic.ts";
import type { NodeDefinition } from "../../node/node-definition.ts";
import type { IncomingEdge } from "../incoming-edge.ts";

/** Every input port has an edge that brings records. */
export function missingInputs(
  slug: string,
  definition: NodeDefinition,
  incoming: readonly IncomingEdge[],
  connected: ReadonlySet<string>,
  labelOf: (slug: string) => string,
): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const { name } of definition.inputs) {
    const edges = incoming.filter((edge) => edge.toPort === name);
    const place = { node: slug, port: name };
    // An edge that cannot be is reported as such; the input is not missing one.
    if (edges.length === 0 && connected.has(`${slug}.${name}`)) continue;
    if (edges.length === 0) found.push(error("INPUT_MISSING", { node: labelOf(slug), port: name }, place));
    else if (edges.every((edge) => edge.leftOut)) {
      found.push(error("INPUT_DISABLED", { node: labelOf(slug), port: name, from: labelOf(edges[0].from.node) }, place));
    }
  }
  return found;
}
