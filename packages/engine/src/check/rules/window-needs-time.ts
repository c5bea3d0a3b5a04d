import { error } from "../../diagnostics/diagnostic.ts";
import type { OperatorRule } from "./operator-rule.ts";

/** Time windows need records that carry a time. */
export const windowNeedsTime: OperatorRule = ({ operator, inputs, slug }) =>
  operator.op === "window-aggregate" && inputs.at(0)?.time === "none"
    ? [error("WINDOW_NEEDS_TIME", undefined, { node: slug, port: "in" })]
    : [];
