import { type Diagnostic, error } from "../../diagnostics/diagnostic.ts";
import { explainBound } from "../../plan/explain-join.ts";
import { type OperatorContext, type OperatorRule, placeOfParam } from "./operator-rule.ts";

/** What a join keeps must end some time: its records lie in a bounded interval around each other. */
export const joinBounds: OperatorRule = (context) => {
  const { operator } = context;
  if (operator.op !== "interval-join") return [];
  const { lowerMs, upperMs } = operator;
  if (lowerMs === null || upperMs === null) return [unbounded(context)];
  if (lowerMs <= upperMs) return [];
  const words = { from: explainBound(lowerMs), to: explainBound(upperMs) };
  return [error("JOIN_BOUNDS_REVERSED", words, { node: context.slug })];
};

function unbounded(context: OperatorContext): Diagnostic {
  const words = {
    what: context.labelOf(context.slug),
    missing: "nothing says how far apart in time two records may be",
    fix: "Set the longest time before and after the left record at which the right one is still wanted.",
  };
  const place = placeOfParam(context, (leaf) => leaf.meta.param.kind === "duration" && leaf.value === null);
  return error("UNBOUNDED_STATE", words, place);
}
