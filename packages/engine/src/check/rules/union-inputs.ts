import { type Diagnostic, error } from "../../diagnostics/diagnostic.ts";
import { fieldDifference } from "../../diagnostics/field-difference.ts";
import type { OperatorRule } from "./operator-rule.ts";

/** All inputs of a union have the same fields, in the same order. */
export const unionInputs: OperatorRule = ({ operator, inputs, slug, operators, labelOf }) => {
  if (operator.op !== "union") return [];
  const nameOf = (i: number): string => labelOf(operators.ownerOf(operator.inputs[i].operator) ?? slug);
  const found: Diagnostic[] = [];
  for (let i = 1; i < inputs.length; i++) {
    const difference = fieldDifference(inputs[0].fields, inputs[i].fields, nameOf(0), nameOf(i));
    if (difference !== null) found.push(error("UNION_FIELDS_DIFFER", { first: nameOf(0), other: nameOf(i), difference }, { node: slug }));
  }
  return found;
};
