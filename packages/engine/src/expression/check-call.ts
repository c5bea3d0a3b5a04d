import type { Span } from "../diagnostics/diagnostic.ts";
import { booleanType, type FieldType, showType, timestampType } from "../types/field-type.ts";
import type { CheckContext } from "./check-context.ts";
import { checkLiteralArguments } from "./check-literal-argument.ts";
import { coerced, commonType, matchSignature } from "./coercion.ts";
import { canCast } from "./functions/conversion.ts";
import type { FunctionDefinition } from "./functions/function-definition.ts";
import { findFunction } from "./functions/functions-table.ts";
import type { CallSyntax } from "./syntax.ts";
import type { TypedExpression } from "./typed-expression.ts";
import { failUnknownFunction } from "./unknown-name.ts";
import { isSingleCharacter, likeMatcher } from "./values/like-pattern.ts";

/** Resolves a call to an overload whose arguments are checked already. */
export function checkCall(context: CheckContext, syntax: CallSyntax, args: readonly TypedExpression[]): TypedExpression | null {
  if (syntax.name === "CASE") return checkCase(context, syntax.span, args);
  if (syntax.name === "CASE_OF") return checkCaseOf(context, syntax.span, args);
  const definition = findFunction(syntax.name);
  if (definition === undefined || (!syntax.operator && definition.syntax !== null && !definition.syntax.includes("("))) {
    // An operator's or a form's internal name is no function to call, except for aliases such as MOD.
    if (definition === undefined || !definition.aliases.includes(syntax.name))
      return failUnknownFunction(context, syntax.name, syntax.nameSpan);
  }
  if (definition.name === "UNIX_TIMESTAMP" && args.length === 0) {
    return context.fail("EXPRESSION_NOT_DETERMINISTIC", { name: "UNIX_TIMESTAMP()" }, syntax.nameSpan);
  }
  const match = matchSignature(definition.signatures, args);
  if (match === null) return failArguments(context, syntax, definition, args);
  warnOfNull(context, definition, syntax, args);
  if (definition.name === "LIKE") warnOfPattern(context, args);
  if (!checkLiteralArguments(context, definition, match.signature, match.args)) return null;
  return { kind: "call", type: match.type, name: definition.name, args: match.args, span: syntax.span };
}

const comparisons = new Set(["=", "<>", "<", "<=", ">", ">="]);

function warnOfNull(context: CheckContext, definition: FunctionDefinition, syntax: CallSyntax, args: readonly TypedExpression[]): void {
  if (!syntax.operator || !comparisons.has(definition.name)) return;
  if (args.some((arg) => arg.kind === "literal" && arg.type.kind === "null")) {
    context.warn("EXPRESSION_ALWAYS_NULL", { operator: definition.name }, syntax.span);
  }
}

/** A pattern that is wrong makes every row NULL. */
function warnOfPattern(context: CheckContext, [, pattern, escaping]: readonly TypedExpression[]): void {
  if (pattern.kind !== "literal" || escaping?.kind !== "literal") return;
  const [text, sign] = [pattern.value, escaping.value];
  if (typeof text !== "string" || typeof sign !== "string" || !isSingleCharacter(sign)) return;
  if (likeMatcher(text, sign) === null) context.warn("LIKE_PATTERN", { pattern: text, escape: sign }, pattern.span);
}

const conditionTakers = new Set(["AND", "OR", "NOT", "IS TRUE", "IS NOT TRUE", "IS FALSE", "IS NOT FALSE"]);

function failArguments(context: CheckContext, syntax: CallSyntax, definition: FunctionDefinition, args: readonly TypedExpression[]): null {
  if (conditionTakers.has(definition.name)) {
    const wrong = args.find((arg) => arg.type.kind !== "boolean" && arg.type.kind !== "null");
    return context.fail(
      "EXPRESSION_CONDITION",
      { where: definition.name, type: showType(wrong?.type ?? booleanType) },
      wrong?.span ?? syntax.span,
    );
  }
  const types = args.map((arg) => showType(arg.type));
  if (syntax.operator) {
    const fix = castSuggestion(context, args) ?? "Compare or compute with values of one type.";
    return context.fail(
      "OPERATOR_TYPES",
      { operator: definition.name === "NEGATE" ? "-" : definition.name, types: distinct(types), fix },
      syntax.span,
    );
  }
  const signatures = definition.signatures.map((signature) => signature.shape);
  const cast = argumentSuggestion(context, definition, args);
  return context.fail("FUNCTION_ARGUMENTS", { name: syntax.name, given: types.join(", "), signatures, cast }, syntax.span);
}

function distinct(types: readonly string[]): readonly string[] {
  return [...new Set(types)];
}

/** How to make operands one type: a text or json becomes what the other side is. */
function castSuggestion(context: CheckContext, args: readonly TypedExpression[]): string | null {
  const rank = (type: FieldType): number => (type.kind === "json" ? 0 : type.kind === "string" ? 1 : 2);
  const [from, ...others] = [...args].filter((arg) => arg.type.kind !== "null").sort((a, b) => rank(a.type) - rank(b.type));
  if (from === undefined) return null;
  const target = others.find((other) => other.type.kind !== from.type.kind)?.type;
  if (target === undefined) {
    return from.type.kind === "json" ? `Say what it is: CAST(${context.source(from.span)} AS DOUBLE), or AS STRING.` : null;
  }
  if (from.kind === "literal" && from.type.kind === "string" && target.kind === timestampType.kind) {
    return `Write TIMESTAMP ${context.source(from.span)}.`;
  }
  if (!canCast(from.type, target)) return null;
  return `Convert one side: CAST(${context.source(from.span)} AS ${target.kind.toUpperCase()}).`;
}

/** The single argument that stands in the way of an overload, cast to what that takes. */
function argumentSuggestion(context: CheckContext, definition: FunctionDefinition, args: readonly TypedExpression[]): string | null {
  for (const signature of definition.signatures) {
    for (const [i, arg] of args.entries()) {
      for (const type of ["string", "bigint", "double", "timestamp"] as const) {
        if (!canCast(arg.type, { kind: type })) continue;
        const changed = args.map(
          (other, j): TypedExpression => (i === j ? { ...other, kind: "literal", value: null, type: { kind: type } } : other),
        );
        if (matchSignature([signature], changed) !== null) return `CAST(${context.source(arg.span)} AS ${type.toUpperCase()})`;
      }
    }
  }
  return null;
}

function checkCase(context: CheckContext, span: Span, args: readonly TypedExpression[]): TypedExpression | null {
  const conditions: TypedExpression[] = [];
  for (let k = 0; k + 1 < args.length; k += 2) {
    const condition = coerced(args[k], booleanType);
    if (condition === null) return context.fail("EXPRESSION_CONDITION", { where: "WHEN", type: showType(args[k].type) }, args[k].span);
    conditions.push(condition);
  }
  return withBranches(
    context,
    "CASE",
    "CASE",
    span,
    conditions,
    args.filter((_, k) => k % 2 === 1 || k === args.length - 1),
  );
}

function checkCaseOf(context: CheckContext, span: Span, args: readonly TypedExpression[]): TypedExpression | null {
  const isWhen = (k: number): boolean => k % 2 === 1 && k < args.length - 1;
  const compared = args.filter((_, k) => k === 0 || isWhen(k));
  const equals = findFunction("=");
  const type = commonType(compared.map((arg) => arg.type));
  const wrong = compared.find((arg) => matchSignature(equals?.signatures ?? [], [compared[0], arg]) === null);
  if (type === null || wrong !== undefined) {
    const other = wrong ?? compared[0];
    const fix = castSuggestion(context, [compared[0], other]) ?? "Compare values of one type.";
    return context.fail(
      "OPERATOR_TYPES",
      { operator: "=", types: distinct([showType(compared[0].type), showType(other.type)]), fix },
      other.span,
    );
  }
  const whens = compared.map((arg) => coerced(arg, type)).filter((arg) => arg !== null);
  return withBranches(
    context,
    "CASE_OF",
    "CASE",
    span,
    whens,
    args.filter((_, k) => k > 0 && !isWhen(k)),
  );
}

/** Puts `heads` (conditions, or the subject and what it is compared with) and the values, made one type, in turn again. */
function withBranches(
  context: CheckContext,
  name: string,
  shown: string,
  span: Span,
  heads: readonly TypedExpression[],
  values: readonly TypedExpression[],
): TypedExpression | null {
  const type = commonType(values.map((value) => value.type));
  if (type === null) {
    const first = values.find((value) => value.type.kind !== "null") ?? values[0];
    const other = values.find((value) => commonType([first.type, value.type]) === null) ?? first;
    return context.fail("EXPRESSION_BRANCHES", { where: shown, first: showType(first.type), other: showType(other.type) }, other.span);
  }
  const branches = values.map((value) => coerced(value, type)).filter((value) => value !== null);
  const args: TypedExpression[] = name === "CASE_OF" ? [heads[0]] : [];
  const whens = name === "CASE_OF" ? heads.slice(1) : heads;
  for (const [k, when] of whens.entries()) args.push(when, branches[k]);
  args.push(branches[branches.length - 1]);
  return { kind: "call", type, name, args, span };
}
