import type { Diagnostic, Place } from "../../diagnostics/diagnostic.ts";
import type { ParamLeaf } from "../../node/param-leaves.ts";
import type { OperatorTable, OwnedOperator } from "../lower-node.ts";

/** What a rule about one operator of a node may look at. */
export interface OperatorContext extends OwnedOperator {
  readonly slug: string;
  readonly leaves: readonly ParamLeaf[];
  readonly operators: OperatorTable;
  /** What people call a node. */
  readonly labelOf: (slug: string) => string;
}

/** A rule about operators; it runs once for each operator of each node whose inputs are typed. */
export type OperatorRule = (context: OperatorContext) => readonly Diagnostic[];

/** Place of the parameter from which an operator has a value; of the node when it cannot be told. */
export function placeOfParam(context: OperatorContext, suits: (leaf: ParamLeaf) => boolean): Place {
  const leaf = context.leaves.find((candidate) => candidate.visible && suits(candidate));
  return leaf === undefined ? { node: context.slug } : { node: context.slug, param: leaf.path };
}
