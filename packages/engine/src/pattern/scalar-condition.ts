import { columnKind } from "../column/column.ts";
import { numberRange } from "../expression/kernels/arithmetic-kernel.ts";
import type { TypedExpression } from "../expression/typed-expression.ts";
import type { FieldType } from "../types/field-type.ts";

/** The value of an expression for one row, by field index; null is NULL. */
export type Scalar = (row: readonly unknown[]) => unknown;

type Call = Extract<TypedExpression, { readonly kind: "call" }>;

/**
 * Compiles what conditions of runs mostly are for single rows: comparisons, sums and differences of numbers under AND, OR,
 * NOT and IS NULL, with the results of the kernels, which cost too much for a single row. null for any other expression.
 */
export function compileScalar(expression: TypedExpression): Scalar | null {
  switch (expression.kind) {
    case "literal": {
      const { value } = expression;
      return () => value;
    }
    case "field": {
      const { index } = expression;
      return (row) => row[index] ?? null;
    }
    case "call":
      return compileCall(expression);
  }
}

function compileCall(call: Call): Scalar | null {
  const args: Scalar[] = [];
  for (const arg of call.args) {
    const compiled = compileScalar(arg);
    if (compiled === null) return null;
    args.push(compiled);
  }
  const [first] = args;
  switch (call.name) {
    case "AND":
      return junction(args, false);
    case "OR":
      return junction(args, true);
    case "NOT":
      return (row) => {
        const value = first(row);
        return value === null ? null : value !== true;
      };
    case "IS NULL":
      return (row) => first(row) === null;
    case "IS NOT NULL":
      return (row) => first(row) !== null;
    case "CAST":
      return call.type.kind === "double" && call.args[0].type.kind === "bigint" ? first : null;
    default:
      return call.args.length === 2 && call.args.every(({ type }) => isNumber(type)) ? ofNumbers(call, args[0], args[1]) : null;
  }
}

/** AND and OR of three values: `decisive` decides, else NULL where there is one. */
function junction(args: readonly Scalar[], decisive: boolean): Scalar {
  return (row) => {
    let result: boolean | null = !decisive;
    for (const arg of args) {
      const value = arg(row);
      if (value === decisive) return decisive;
      if (value === null) result = null;
    }
    return result;
  };
}

function ofNumbers(call: Call, left: Scalar, right: Scalar): Scalar | null {
  const operate = operation(call);
  if (operate === null) return null;
  return (row) => {
    const a = left(row);
    const b = right(row);
    return typeof a === "number" && typeof b === "number" ? operate(a, b) : null;
  };
}

function operation({ name, type }: Call): ((a: number, b: number) => boolean | number | null) | null {
  switch (name) {
    case "=":
      return (a, b) => a === b;
    case "<>":
      return (a, b) => a !== b;
    case "<":
      return (a, b) => a < b;
    case "<=":
      return (a, b) => a <= b;
    case ">":
      return (a, b) => a > b;
    case ">=":
      return (a, b) => a >= b;
    case "+":
    case "-": {
      const [least, most] = numberRange(type);
      const sign = name === "+" ? 1 : -1;
      return (a, b) => {
        const result = a + sign * b;
        return result >= least && result <= most ? result : null;
      };
    }
    default:
      return null;
  }
}

function isNumber(type: FieldType): boolean {
  return type.kind !== "null" && columnKind(type) === "number";
}
