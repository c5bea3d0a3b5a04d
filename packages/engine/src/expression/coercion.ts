import { type FieldType, sameType } from "../types/field-type.ts";
import { fieldTypeOf, type Parameter, type Signature } from "./functions/function-definition.ts";
import { parameterAt } from "./functions/functions-table.ts";
import type { TypedExpression } from "./typed-expression.ts";

/** Types that can be compared. */
const comparable = new Set<FieldType["kind"]>(["boolean", "bigint", "double", "string", "timestamp", "interval", "null"]);

/** The type that all of these become without losing anything: bigint becomes double, NULL anything; null when there is none. */
export function commonType(types: readonly FieldType[]): FieldType | null {
  let common: FieldType | null = null;
  for (const type of types) {
    if (type.kind === "null") continue;
    if (common === null || sameType(common, type)) common = type;
    else if (common.kind === "bigint" && type.kind === "double") common = type;
    else if (!(common.kind === "double" && type.kind === "bigint")) return null;
  }
  return common ?? { kind: "null" };
}

/** The expression as that type, which `commonType` has found or a parameter asks for; null when it cannot be. */
export function coerced(expression: TypedExpression, type: FieldType): TypedExpression | null {
  if (sameType(expression.type, type)) return expression;
  if (expression.kind === "literal" && expression.value === null) return { ...expression, type };
  const widens = expression.type.kind === "null" || (expression.type.kind === "bigint" && type.kind === "double");
  return widens ? { kind: "call", type, name: "CAST", args: [expression], span: expression.span } : null;
}

/** An overload with arguments converted for it. */
export interface Match {
  readonly signature: Signature;
  readonly args: readonly TypedExpression[];
  readonly type: FieldType;
}

/** The overload that takes these arguments with the fewest conversions, the first one of equals; null when none does. */
export function matchSignature(signatures: readonly Signature[], args: readonly TypedExpression[]): Match | null {
  let best: Match | null = null;
  let bestCost = Number.POSITIVE_INFINITY;
  for (const signature of signatures) {
    const match = tryMatch(signature, args);
    const cost =
      match === null ? Number.POSITIVE_INFINITY : match.args.filter((arg, i) => arg !== args[i] && args[i].type.kind !== "null").length;
    if (match === null || cost >= bestCost) continue;
    best = match;
    bestCost = cost;
  }
  return best;
}

function tryMatch(signature: Signature, args: readonly TypedExpression[]): Match | null {
  const count = signature.parameters.length;
  if (signature.variadic ? args.length < count : args.length !== count) return null;
  const parameters = args.map((_, i) => parameterAt(signature, i)).filter((parameter) => parameter !== undefined);
  const variable = variableType(parameters, args);
  if (variable === null) return null;
  const converted: TypedExpression[] = [];
  for (const [i, arg] of args.entries()) {
    const fixed = fieldTypeOf(parameters[i].type);
    const fits = fixed?.kind === "array" ? (arg.type.kind === "array" ? arg : null) : coerced(arg, fixed ?? variable);
    if (fits === null) return null;
    converted.push(fits);
  }
  return { signature, args: converted, type: fieldTypeOf(signature.result) ?? variable };
}

/** What T or C stands for; null when the arguments have no common type or one that cannot be compared. */
function variableType(parameters: readonly Parameter[], args: readonly TypedExpression[]): FieldType | null {
  const variables = args.filter((_, i) => parameters[i].type === "T" || parameters[i].type === "C");
  const common = commonType(variables.map((arg) => arg.type));
  if (common === null) return null;
  return parameters.some((parameter) => parameter.type === "C") && !comparable.has(common.kind) ? null : common;
}
