import { columnKind } from "../../column/column.ts";
import { error } from "../../diagnostics/diagnostic.ts";
import { checkExpression } from "../../expression/check-expression.ts";
import { showType } from "../../types/field-type.ts";
import { type OperatorRule, placeOfParam } from "./operator-rule.ts";

/** Records are ranked by what is kept as a number. */
export const topNOrder: OperatorRule = (context) => {
  const { operator } = context;
  if (operator.op !== "top-n" || context.inputs.length === 0) return [];
  const typed = checkExpression(operator.by, context.inputs[0].fields, {});
  if (!typed.ok || columnKind(typed.value.type) === "number") return [];
  return [
    error(
      "TOP_N_ORDER",
      { type: showType(typed.value.type) },
      placeOfParam(context, ({ value }) => value === operator.by),
    ),
  ];
};
