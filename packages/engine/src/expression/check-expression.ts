import type { Place } from "../diagnostics/diagnostic.ts";
import { failure, type Result, success } from "../diagnostics/result.ts";
import {
  bigintType,
  booleanType,
  type Field,
  type FieldType,
  isNumeric,
  sameType,
  showType,
  stringType,
  timestampType,
} from "../types/field-type.ts";
import { checkCall } from "./check-call.ts";
import { CheckContext } from "./check-context.ts";
import { coerced } from "./coercion.ts";
import { canCast, insteadOfCast } from "./functions/conversion.ts";
import { nearestName } from "./nearest-name.ts";
import { parseExpression } from "./parse-expression.ts";
import type { CallSyntax, CastSyntax, MemberSyntax, NameSyntax, Syntax } from "./syntax.ts";
import { notNormal } from "./tokens.ts";
import type { TypedExpression } from "./typed-expression.ts";
import { failUnknownName } from "./unknown-name.ts";

/** What the place of an expression may ask of its type. */
export type ExpectedResult = "boolean" | "numeric" | "string" | "timestamp";

/**
 * Parses an expression and checks it against the fields of the incoming records: names become field indexes,
 * calls overloads, implicit casts (bigint to double, NULL to anything) explicit. Never throws. Diagnostics
 * carry `place` with the span of what is wrong; several may come back at once.
 */
export function checkExpression(text: string, fields: readonly Field[], place: Place, expected?: ExpectedResult): Result<TypedExpression> {
  const parsed = parseExpression(text, place);
  return parsed.ok ? checkSyntax(parsed.value, text, fields, place, expected) : parsed;
}

/** Checks a parsed expression; its spans are offsets in `text`. */
export function checkSyntax(
  syntax: Syntax,
  text: string,
  fields: readonly Field[],
  place: Place,
  expected?: ExpectedResult,
): Result<TypedExpression> {
  const context = new CheckContext(text, fields, place);
  const checked = check(context, syntax);
  const result = checked === null || expected === undefined ? checked : checkResult(context, checked, expected);
  return result === null ? failure(context.errors) : success(result, context.warnings);
}

function check(context: CheckContext, syntax: Syntax): TypedExpression | null {
  switch (syntax.kind) {
    case "literal":
      return { kind: "literal", type: syntax.type, value: syntax.value, span: syntax.span };
    case "name":
      return checkName(context, syntax);
    case "member":
      return checkMember(context, syntax);
    case "cast":
      return checkCast(context, syntax);
    case "call": {
      const args = syntax.args.map((arg) => check(context, arg));
      const checked = args.filter((arg) => arg !== null);
      if (checked.length < args.length) return null;
      return syntax.name === "[]" ? checkElement(context, syntax, checked) : checkCall(context, syntax, checked);
    }
  }
}

function checkName(context: CheckContext, { name, quoted, span }: NameSyntax): TypedExpression | null {
  const index = context.indexOf(name);
  if (index !== -1) return { kind: "field", type: context.fields[index].type, index, name, span };
  const disguised = notNormal(name, {});
  if (disguised !== null) return context.fail("IDENTIFIER_NOT_NORMAL", { name, normal: name.normalize("NFKC") }, span);
  return failUnknownName(context, name, quoted, span);
}

/** The call of a member by name; a row's member has the type that the row declares, a json value's is json. */
function memberCall(context: CheckContext, base: TypedExpression, name: TypedExpression, span: Syntax["span"]): TypedExpression | null {
  const key = name.kind === "literal" && typeof name.value === "string" ? name.value : "";
  const call = (type: FieldType): TypedExpression => ({ kind: "call", type, name: ".", args: [base, name], span });
  if (base.type.kind === "json") return call(base.type);
  if (base.type.kind !== "row") return context.fail("EXPRESSION_NO_MEMBERS", { name: key, type: showType(base.type) }, span);
  const members = base.type.fields;
  const member = members.find((field) => field.name === key);
  if (member !== undefined) return call(member.type);
  const available = members.map((field) => field.name);
  const args = { name: key, base: context.source(base.span), nearest: nearestName(key, available), available };
  return context.fail("UNKNOWN_MEMBER", args, name.span);
}

function checkMember(context: CheckContext, syntax: MemberSyntax): TypedExpression | null {
  const base = check(context, syntax.base);
  if (base === null) return null;
  return memberCall(context, base, { kind: "literal", type: stringType, value: syntax.name, span: syntax.nameSpan }, syntax.span);
}

/** `array[1]`, `json[1]` and `json['name']`. */
function checkElement(context: CheckContext, syntax: CallSyntax, [base, index]: readonly TypedExpression[]): TypedExpression | null {
  const { span } = syntax;
  if (index.kind === "literal" && index.type.kind === "string") return memberCall(context, base, index, span);
  const of = base.type.kind === "array" ? base.type.of : base.type.kind === "json" ? base.type : null;
  const position = coerced(index, bigintType);
  if (of === null || position === null) {
    return context.fail("EXPRESSION_NO_ELEMENTS", { type: showType(base.type), index: context.source(index.span) }, span);
  }
  return { kind: "call", type: of, name: "[]", args: [base, position], span };
}

function checkCast(context: CheckContext, { value, to, span }: CastSyntax): TypedExpression | null {
  const checked = check(context, value);
  const { type, narrowed } = to;
  if (narrowed !== null) {
    const written = context.source(to.span);
    context.warn("CAST_NARROWER", { written, type: type.kind.toUpperCase(), kept: narrowed.kept, instead: narrowed.instead }, to.span);
  }
  if (checked === null || sameType(checked.type, type)) return checked;
  if (checked.kind === "literal" && checked.value === null) return { ...checked, type, span };
  if (checked.type.kind !== "null" && !canCast(checked.type, type)) {
    const args = { from: showType(checked.type), to: showType(type), instead: insteadOfCast(checked.type, type) };
    return context.fail("CAST_UNSUPPORTED", args, span);
  }
  return { kind: "call", type, name: "CAST", args: [checked], span };
}

function checkResult(context: CheckContext, checked: TypedExpression, expected: ExpectedResult): TypedExpression | null {
  const wanted = { boolean: booleanType, numeric: bigintType, string: stringType, timestamp: timestampType }[expected];
  if (expected === "numeric" && isNumeric(checked.type)) return checked;
  if (sameType(checked.type, wanted)) return checked;
  if (checked.type.kind === "null") return coerced(checked, wanted);
  const shown = { boolean: "condition (boolean)", numeric: "number", string: "text (string)", timestamp: "timestamp" }[expected];
  return context.fail(
    "EXPRESSION_RESULT",
    { expected: shown, actual: showType(checked.type), fix: resultFix(context, checked, expected) },
    checked.span,
  );
}

function resultFix(context: CheckContext, checked: TypedExpression, expected: ExpectedResult): string {
  const source = context.source(checked.span);
  const { kind } = checked.type;
  switch (expected) {
    case "boolean":
      return kind === "json" ? `Say what it is: CAST(${source} AS BOOLEAN).` : "Compare it with something, as in amount > 100.";
    case "numeric":
      if (kind === "boolean") return `Write IF(${source}, 1, 0).`;
      if (kind === "timestamp") return `Write UNIX_TIMESTAMP(${source}).`;
      return kind === "interval" ? `Write CAST(${source} AS BIGINT) for milliseconds.` : `Write CAST(${source} AS DOUBLE).`;
    case "string":
      return canCast(checked.type, stringType) ? `Write CAST(${source} AS STRING).` : `Write JSON_STRING(${source}).`;
    case "timestamp":
      return isNumeric(checked.type)
        ? `Write TO_TIMESTAMP_LTZ(${source}, 3) for milliseconds, or 0 for seconds.`
        : `Write TO_TIMESTAMP(${source}).`;
  }
}
