import { createAccumulator } from "../../aggregate/aggregate-table.ts";
import { type Diagnostic, error } from "../../diagnostics/diagnostic.ts";
import { checkExpression } from "../../expression/check-expression.ts";
import { type OperatorRule, placeOfParam } from "./operator-rule.ts";

/** Where rows are taken back, every running aggregate must be able to take a record out again. */
export const undoneAggregates: OperatorRule = (context) => {
  const { operator, inputs, slug } = context;
  const input = inputs.at(0);
  if (operator.op !== "running-aggregate" || input === undefined || input.changelog !== "retract") return [];
  return operator.aggregates.flatMap(({ as, fn, argument }, i): readonly Diagnostic[] => {
    const typed = argument === null ? null : checkExpression(argument, input.fields, { node: slug });
    // What is wrong with the expression is told elsewhere.
    if (typed !== null && !typed.ok) return [];
    if (createAccumulator(fn, typed?.value.type ?? null).subtract !== null) return [];
    const place = placeOfParam(context, ({ meta }) => meta.param.kind === "aggregates");
    return [error("AGGREGATE_NOT_UNDONE", { as, fn }, place.param === undefined ? place : { ...place, param: `${place.param}.${i}.fn` })];
  });
};
