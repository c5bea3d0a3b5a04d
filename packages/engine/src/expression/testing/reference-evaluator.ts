import { implementationOf } from "../functions/functions-table.ts";
import type { TypedExpression } from "../typed-expression.ts";

/**
 * The value of an expression for one row, by walking the tree: the meaning against which kernels are tested.
 * `row` holds the fields' plain values, null for NULL; so is the result.
 */
export function evaluateExpression(expression: TypedExpression, row: readonly unknown[]): unknown {
  switch (expression.kind) {
    case "literal":
      return expression.value;
    case "field":
      return row[expression.index] ?? null;
    case "call": {
      const { nulls, evaluate } = implementationOf(expression);
      const args = expression.args.map((arg) => evaluateExpression(arg, row));
      if (nulls === "propagate" && args.includes(null)) return null;
      // `evaluate` takes the types of the overload's parameters, which the checker has matched with the arguments.
      return (evaluate as unknown as (...values: readonly unknown[]) => unknown)(...args) ?? null;
    }
  }
}
