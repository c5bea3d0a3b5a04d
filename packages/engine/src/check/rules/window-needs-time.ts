import { error } from "../../diagnostics/diagnostic.ts";
import type { LoweredOperator } from "../../plan/logical-operator.ts";
import type { OperatorRule } from "./operator-rule.ts";

const byTime: ReadonlySet<LoweredOperator["op"]> = new Set([
  "deduplicate",
  "look-back",
  "rate-limit",
  "top-n",
  "pattern-match",
  "feature-flag",
  "assign-windows",
]);

/** Time windows, and whatever else goes by event time, need records that carry one. */
export const windowNeedsTime: OperatorRule = ({ operator, inputs, slug }) =>
  goesByTime(operator) && inputs.at(0)?.time === "none" ? [error("WINDOW_NEEDS_TIME", undefined, { node: slug, port: "in" })] : [];

function goesByTime(operator: LoweredOperator): boolean {
  switch (operator.op) {
    case "window-aggregate":
      return operator.time !== "processing";
    case "running-aggregate":
      return operator.ttlMs !== null || operator.trigger.kind === "event-time";
    case "count-window":
      return operator.ttlMs !== null;
    default:
      return byTime.has(operator.op);
  }
}
