import type { TypedExpression } from "../typed-expression.ts";
import { referenceDateFormat } from "./reference-date-format.ts";
import type { ReferenceFunction } from "./reference-function.ts";
import { referenceNumbers } from "./reference-numbers.ts";
import { referenceLogic } from "./reference-order.ts";
import { referenceText } from "./reference-text.ts";
import { ceilTo, floorTo, referenceTime } from "./reference-time.ts";
import { referenceValues } from "./reference-values.ts";

/**
 * All functions, written anew from what SQL and the documentation say they are: whole numbers without end, texts as lists
 * of characters, the calendar of `Date`. Nothing here is shared with the functions and kernels that it is compared with,
 * except the engine for regular expressions.
 */
const functions: ReadonlyMap<string, ReferenceFunction> = new Map(
  [referenceLogic, referenceNumbers, referenceText, referenceTime, referenceDateFormat, referenceValues].flatMap((table) =>
    Object.entries(table),
  ),
);

/** Names of the functions that there is a reference for. */
export const referenceNames: ReadonlySet<string> = new Set(functions.keys());

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
      const args = expression.args.map((arg) => evaluateExpression(arg, row));
      const types = expression.args.map((arg) => arg.type);
      return functionOf(expression.name, args.length, types[0]?.kind)(args, types, expression.type) ?? null;
    }
  }
}

function functionOf(name: string, count: number, first: string | undefined): ReferenceFunction {
  // FLOOR(time TO unit) has nothing but its name in common with FLOOR(number).
  if ((name === "FLOOR" || name === "CEIL") && count === 2 && first === "timestamp") {
    return ([ms, unit]) => (ms === null || unit === null ? null : (name === "FLOOR" ? floorTo : ceilTo)(String(unit), Number(ms)));
  }
  const found = functions.get(name);
  if (found === undefined) throw new Error(`there is no reference for ${name}`);
  return found;
}
