import type { TypedExpression } from "../expression/typed-expression.ts";

/** Marks in `live` the indexes of all fields that an expression reads. */
export function markFields(expression: TypedExpression, live: boolean[]): void {
  if (expression.kind === "field") live[expression.index] = true;
  if (expression.kind === "call") for (const argument of expression.args) markFields(argument, live);
}
