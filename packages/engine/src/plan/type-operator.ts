import type { Diagnostic, Place } from "../diagnostics/diagnostic.ts";
import { failure, type Result, success } from "../diagnostics/result.ts";
import { checkExpression } from "../expression/check-expression.ts";
import { checkTemplate } from "../expression/template.ts";
import type { TypedExpression } from "../expression/typed-expression.ts";
import { checkPatternExpression } from "../pattern/check-pattern-expression.ts";
import type { Field } from "../types/field-type.ts";
import type { LogicalOperator, LoweredOperator, OperatorOutput } from "./logical-operator.ts";
import { type ExpressionRole, mapOperator } from "./map-operator.ts";

/** Type-checks an expression in the role that it has in its operator. */
export function typeExpression(text: string, role: ExpressionRole, fields: readonly Field[], place: Place): Result<TypedExpression> {
  if (role.stages !== undefined) return checkPatternExpression(text, fields, role.stages, place, role.expected);
  if (role.template === true) return checkTemplate(text, fields, place);
  return role.expected === undefined ? checkExpression(text, fields, place) : checkExpression(text, fields, place, role.expected);
}

/** Type-checks all expressions of a lowered operator over the fields of its (first) input. */
export function typeOperator(
  operator: LoweredOperator,
  fields: readonly Field[],
  place: Place,
): Result<LogicalOperator<TypedExpression, OperatorOutput>> {
  const problems: Diagnostic[] = [];
  const untyped: TypedExpression = { kind: "literal", type: { kind: "null" }, value: null, span: { start: 0, end: 0 } };
  const typed = mapOperator(
    operator,
    (text, role) => {
      const result = typeExpression(text, role, fields, place);
      if (result.ok) return result.value;
      problems.push(...result.diagnostics);
      // It stands in for an expression that failed; the operator as a whole is then refused below.
      return untyped;
    },
    (input) => input,
  );
  return problems.length > 0 ? failure(problems) : success(typed);
}
