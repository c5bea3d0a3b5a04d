import { type Diagnostic, error } from "../../diagnostics/diagnostic.ts";
import { explainBound } from "../../plan/explain-join.ts";
import { type OperatorContext, type OperatorRule, placeOfParam } from "./operator-rule.ts";

/** What a join keeps must end some time: by an interval around each record, or by a time to live. */
export const joinBounds: OperatorRule = (context) => {
  const { operator } = context;
  if (operator.op === "interval-join") return intervalProblems(context, operator.lowerMs, operator.upperMs);
  if (operator.op !== "regular-join" || (operator.leftTtlMs !== null && operator.rightTtlMs !== null)) return [];
  const words = {
    missing: "nothing says how long its records may be joined",
    fix: "Set the time to live of both sides, or use a join by time.",
  };
  return [unbounded(context, words)];
};

function intervalProblems(context: OperatorContext, lowerMs: number | null, upperMs: number | null): readonly Diagnostic[] {
  if (lowerMs === null || upperMs === null) {
    const words = {
      missing: "nothing says how far apart in time two records may be",
      fix: "Set the longest time before and after the left record at which the right one is still wanted.",
    };
    return [unbounded(context, words)];
  }
  if (lowerMs <= upperMs) return [];
  const words = { from: explainBound(lowerMs), to: explainBound(upperMs) };
  return [error("JOIN_BOUNDS_REVERSED", words, { node: context.slug })];
}

function unbounded(context: OperatorContext, words: { readonly missing: string; readonly fix: string }): Diagnostic {
  const place = placeOfParam(context, (leaf) => leaf.meta.param.kind === "duration" && leaf.value === null);
  return error("UNBOUNDED_STATE", { what: context.labelOf(context.slug), ...words }, place);
}
