import { error } from "../../diagnostics/diagnostic.ts";
import type { LoweredOperator } from "../../plan/logical-operator.ts";
import type { OperatorRule } from "./operator-rule.ts";

const appendOnly: ReadonlySet<LoweredOperator["op"]> = new Set([
  "window-aggregate",
  "deduplicate",
  "look-back",
  "rate-limit",
  "top-n",
  "pattern-match",
  // A row that replaces or takes back another may meet another answer than that one did.
  "lookup-join",
  "count-window",
]);

/**
 * Windows take each record once and for all, so that they take final records alone. An alert can follow
 * rows that are replaced, as its state is kept by key; it cannot follow rows that are taken back. A sink that
 * only adds rows cannot follow either.
 */
export const appendInput: OperatorRule = ({ operator, inputs, slug, labelOf }) => {
  const changelog = inputs.at(0)?.changelog ?? "append";
  const refused =
    (appendOnly.has(operator.op) && changelog !== "append") ||
    (operator.op === "threshold-alert" && changelog === "retract") ||
    (operator.op === "sink" && operator.appendOnly === true && changelog !== "append") ||
    // An update does not say what it replaces.
    ((operator.op === "running-aggregate" || operator.op === "assign-windows") && changelog === "update") ||
    (operator.op === "assign-windows" && operator.window.kind === "session" && changelog !== "append") ||
    // A shorter list would leave elements of the longer one behind.
    (operator.op === "unnest" && changelog === "update");
  return refused ? [error("CHANGELOG_UNSUPPORTED", { what: labelOf(slug), changelog }, { node: slug, port: "in" })] : [];
};
