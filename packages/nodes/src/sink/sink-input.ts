import type { JsonObject, OperatorOutput, PortSpec, Sink } from "@millrace/engine";

/** The one input of every sink. */
export const sinkInputs: readonly PortSpec[] = [{ name: "in" }];

/** A sink that takes records as JSON lines. */
export function jsonSink(connector: string, options: JsonObject, input: OperatorOutput): { readonly sink: Sink<OperatorOutput> } {
  return { sink: { op: "sink", input, connector, options, format: { kind: "json" } } };
}
