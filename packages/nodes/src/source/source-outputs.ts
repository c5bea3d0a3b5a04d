import { type OperatorOutput, outputOf, type PortSpec, type Source } from "@millrace/engine";

/** The ports of every source: its records, and those that could not be decoded. */
export const sourceOutputs: readonly PortSpec[] = [{ name: "out" }, { name: "dead_letter", label: "Dead letters", side: true }];

/** A source operator on the ports of its node. */
export function onSourcePorts(source: Source): Record<string, OperatorOutput> {
  return { out: outputOf(source), dead_letter: outputOf(source, "dead_letter") };
}
