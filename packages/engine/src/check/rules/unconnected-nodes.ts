import { type Diagnostic, warning } from "../../diagnostics/diagnostic.ts";
import type { GraphRule } from "./graph-rule.ts";

/** A node whose records go nowhere is most likely forgotten. Inputs that are missing are errors of the node. */
export const unconnectedNodes: GraphRule = ({ nodes, connected, labelOf }) => {
  const found: Diagnostic[] = [];
  for (const { slug, definition, outputPorts, leftOut } of nodes.values()) {
    const main = outputPorts.filter((port) => port.side !== true).map((port) => port.name);
    if (definition === null || leftOut || main.length === 0) continue;
    const isConnected = (port: string): boolean => connected.has(`${slug}.${port}`);
    if (outputPorts.some((port) => isConnected(port.name))) continue;
    const alone = !definition.inputs.some((port) => isConnected(port.name));
    found.push(warning("NODE_UNCONNECTED", { node: labelOf(slug), ports: alone ? [] : main }, { node: slug }));
  }
  return found;
};
