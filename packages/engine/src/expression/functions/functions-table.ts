import { type FieldType, sameType } from "../../types/field-type.ts";
import { arithmeticAndMaths } from "./arithmetic-and-maths.ts";
import { comparisonAndLogic } from "./comparison-and-logic.ts";
import { conditional } from "./conditional.ts";
import { conversion } from "./conversion.ts";
import { type FunctionDefinition, fieldTypeOf, type Implementation, type Signature, type TypedCall } from "./function-definition.ts";
import { json } from "./json.ts";
import { patterns } from "./patterns.ts";
import { text } from "./text.ts";
import { time } from "./time.ts";

/** THE functions table: all functions and operators of the expression language. */
export const functionsTable: readonly FunctionDefinition[] = [
  ...comparisonAndLogic,
  ...conditional,
  ...arithmeticAndMaths,
  ...text,
  ...patterns,
  ...time,
  ...json,
  ...conversion,
];

const byName: ReadonlyMap<string, FunctionDefinition> = new Map(
  functionsTable.flatMap((definition) => [definition.name, ...definition.aliases].map((name) => [name, definition] as const)),
);

/** The function with that name or alias, in upper case. */
export function findFunction(name: string): FunctionDefinition | undefined {
  return byName.get(name);
}

/** Names and aliases of all functions that are called as `NAME(…)`. */
export const functionNames: readonly string[] = [...byName.keys()].filter(
  (name) => /^[A-Z]/.test(name) && !/ |^(AND|OR|NOT|IN|LIKE|BETWEEN|CASE|CASE_OF|NEGATE)$/.test(name),
);

/** The type of parameter `index` of a call; a variadic overload repeats its last. */
export function parameterAt(signature: Signature, index: number): Signature["parameters"][number] | undefined {
  return signature.parameters[signature.variadic ? Math.min(index, signature.parameters.length - 1) : index];
}

/** How a checked call is evaluated. Throws when the checker cannot have made it. */
export function implementationOf(call: TypedCall): Implementation {
  const definition = byName.get(call.name);
  const implementation =
    definition?.special?.(call) ??
    definition?.signatures.find((signature) =>
      accepts(
        signature,
        call.args.map((arg) => arg.type),
      ),
    );
  if (implementation === undefined)
    throw new Error(`no overload of ${call.name} takes (${call.args.map((arg) => arg.type.kind).join(", ")})`);
  return implementation;
}

/** True when the overload takes exactly these types, without any conversion. */
function accepts(signature: Signature, types: readonly FieldType[]): boolean {
  const count = signature.parameters.length;
  if (signature.variadic ? types.length < count : types.length !== count) return false;
  let variable: FieldType | null = null;
  return types.every((type, i) => {
    const parameter = parameterAt(signature, i);
    if (parameter === undefined) return false;
    const fixed = fieldTypeOf(parameter.type);
    if (fixed !== null) return fixed.kind === type.kind;
    variable ??= type;
    return sameType(variable, type);
  });
}
