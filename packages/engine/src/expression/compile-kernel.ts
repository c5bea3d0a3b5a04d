import { columnAt } from "../column/batch.ts";
import type { TypedCall } from "./functions/function-definition.ts";
import { implementationOf } from "./functions/functions-table.ts";
import type { Kernel, Predicate } from "./kernel.ts";
import { dictionaryPredicate } from "./kernels/dictionary-map.ts";
import type { Compiler } from "./kernels/kernel-builder.ts";
import { foldedLiteral, liftedKernel } from "./kernels/lift.ts";
import { literalKernel } from "./kernels/literal-kernel.ts";
import { selectBoolean } from "./kernels/logic-kernel.ts";
import type { TypedExpression } from "./typed-expression.ts";

/**
 * Compiles a checked expression into loops over columns. The kernel keeps its output arrays, and for text
 * results a dictionary that is replaced when it exceeds 65,536 strings.
 */
export function compileKernel(expression: TypedExpression): Kernel {
  return kernelOf(foldConstants(expression));
}

/** Compiles a checked condition into loops that write the rows for which it is TRUE. */
export function compilePredicate(expression: TypedExpression): Predicate {
  return predicateOf(foldConstants(expression));
}

const compiler: Compiler = { kernel: kernelOf, predicate: predicateOf };

/** The same expression with every call of constants replaced by its value. */
function foldConstants(expression: TypedExpression): TypedExpression {
  if (expression.kind !== "call") return expression;
  const call: TypedCall = { ...expression, args: expression.args.map(foldConstants) };
  return foldedLiteral(call, implementationOf(call)) ?? call;
}

function kernelOf(expression: TypedExpression): Kernel {
  switch (expression.kind) {
    case "literal":
      return literalKernel(expression.type, expression.value);
    case "field": {
      const { index } = expression;
      return (batch) => columnAt(batch, index);
    }
    case "call": {
      const implementation = implementationOf(expression);
      return implementation.kernel?.(expression, compiler) ?? liftedKernel(expression, implementation, compiler);
    }
  }
}

function predicateOf(expression: TypedExpression): Predicate {
  if (expression.kind !== "call") return selectBoolean(kernelOf(expression), 1, false);
  const implementation = implementationOf(expression);
  return implementation.predicate?.(expression, compiler) ?? textPredicate(expression) ?? selectBoolean(kernelOf(expression), 1, false);
}

/** Conditions on one text, such as LIKE: decided once for each distinct text. */
function textPredicate(call: TypedCall): Predicate | null {
  const open = call.args.filter((arg) => arg.kind !== "literal");
  const { nulls, evaluate, kernel } = implementationOf(call);
  if (kernel !== undefined || open.length !== 1 || open[0].type.kind !== "string") return null;
  const at = call.args.indexOf(open[0]);
  const args: unknown[] = call.args.map((arg) => (arg.kind === "literal" ? arg.value : null));
  if (nulls === "propagate" && args.some((arg, i) => arg === null && i !== at)) return null;
  // The overload's `evaluate` takes the types of its parameters, which the checker has matched with the arguments.
  const apply = evaluate as unknown as (...values: readonly unknown[]) => unknown;
  const ofText = (text: string | null): unknown => {
    args[at] = text;
    return apply(...args);
  };
  return dictionaryPredicate(kernelOf(open[0]), ofText, nulls === "propagate");
}
