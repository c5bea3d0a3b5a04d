import { info } from "../../diagnostics/diagnostic.ts";
import type { LoweredOperator, OperatorOutput, WindowAggregate } from "../../plan/logical-operator.ts";
import { writeDuration } from "../../types/duration.ts";
import type { OperatorRule } from "./operator-rule.ts";

/** A threshold over tumbling windows misses a burst that lies across a boundary: 60 + 60 never reaches 100. */
export const tumblingAlert: OperatorRule = ({ operator, slug, operators, labelOf }) => {
  if (operator.op !== "threshold-alert") return [];
  const window = windowBefore(operator.input.operator);
  if (window === null || window.window.kind !== "tumbling") return [];
  const name = labelOf(operators.ownerOf(window) ?? slug);
  return [info("WINDOW_MISSES_BURST", { window: name, size: writeDuration(window.window.sizeMs) }, { node: slug })];
};

/** The window whose rows reach an operator one by one, possibly filtered or with other fields. */
function windowBefore(operator: LoweredOperator): WindowAggregate<string, OperatorOutput> | null {
  switch (operator.op) {
    case "window-aggregate":
      return operator;
    case "filter":
    case "project":
    case "key-by":
    case "branch":
    case "deduplicate":
    case "rate-limit":
    case "sample":
    case "unnest":
    case "assign-windows":
    case "lookup-join":
      return windowBefore(operator.input.operator);
    case "source":
    case "union":
    case "interval-join":
    case "window-join":
    case "snapshot-join":
    case "regular-join":
    case "temporal-join":
    case "threshold-alert":
    case "feature-flag":
    case "look-back":
    case "running-aggregate":
    case "count-window":
    case "top-n":
    case "pattern-match":
    case "sink":
      return null;
  }
}
