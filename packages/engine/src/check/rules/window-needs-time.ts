import { error } from "../../diagnostics/diagnostic.ts";
import type { LoweredOperator } from "../../plan/logical-operator.ts";
import type { OperatorRule } from "./operator-rule.ts";

const byTime: ReadonlySet<LoweredOperator["op"]> = new Set([
  "window-aggregate",
  "deduplicate",
  "look-back",
  "rate-limit",
  "top-n",
  "pattern-match",
  "feature-flag",
]);

/** Time windows, and whatever else goes by event time, need records that carry one. */
export const windowNeedsTime: OperatorRule = ({ operator, inputs, slug }) =>
  byTime.has(operator.op) && inputs.at(0)?.time === "none" ? [error("WINDOW_NEEDS_TIME", undefined, { node: slug, port: "in" })] : [];
