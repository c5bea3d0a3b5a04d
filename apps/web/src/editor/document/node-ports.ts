import type { GraphNode, JsonObject, JsonValue, NodeDefinition, PortSpec } from "@millrace/engine";
import { param } from "@millrace/engine";

/**
 * Output ports of a node as it stands. While its parameters are invalid, they are guessed from the members that
 * are valid, the defaults, and the raw values, so that edges do not vanish while somebody types; null when even
 * that says nothing.
 */
export function outputPorts(node: GraphNode, definition: NodeDefinition): readonly PortSpec[] | null {
  const { outputs } = definition;
  if (typeof outputs !== "function") return outputs;
  const parsed = definition.params.safeParse(node.params);
  if (parsed.success) return outputs(parsed.data);
  try {
    return outputs(lenientParams(node.params, definition));
  } catch {
    // A definition only promises not to throw on valid parameters.
    return null;
  }
}

function lenientParams(raw: JsonObject, definition: NodeDefinition): unknown {
  const shape = param.paramShape(definition.params) ?? {};
  const lenient: Record<string, unknown> = Object.create(null);
  for (const [name, schema] of Object.entries(shape)) {
    const value: JsonValue | undefined = Object.hasOwn(raw, name) ? raw[name] : undefined;
    const parsed = schema.safeParse(value);
    lenient[name] = parsed.success ? parsed.data : value;
  }
  return lenient;
}
