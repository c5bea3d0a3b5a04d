import type { Span } from "../diagnostics/diagnostic.ts";
import type { FieldType } from "../types/field-type.ts";
import { booleanType, nullType, stringType } from "../types/field-type.ts";
import type { CallSyntax, CastSyntax, LiteralSyntax, MemberSyntax, Syntax, WrittenType } from "./syntax.ts";
import type { TokenReader } from "./token-reader.ts";
import type { Token } from "./tokens.ts";
import type { LiteralValue } from "./typed-expression.ts";

/** Builds a call; fails through `reader` when the tree becomes too deep. */
export function callSyntax(reader: TokenReader, name: string, args: readonly Syntax[], nameSpan: Span, span: Span): CallSyntax {
  return build(reader, name, false, args, nameSpan, span);
}

/** Builds a call of what has a syntax of its own. */
export function operatorSyntax(reader: TokenReader, name: string, args: readonly Syntax[], nameSpan: Span, span: Span): CallSyntax {
  return build(reader, name, true, args, nameSpan, span);
}

export function castSyntax(reader: TokenReader, value: Syntax, to: WrittenType, span: Span): CastSyntax {
  return { kind: "cast", value, to, span, depth: deeper(reader, [value], span) };
}

export function memberSyntax(reader: TokenReader, base: Syntax, name: Token): MemberSyntax {
  const span = { start: base.span.start, end: name.end };
  return { kind: "member", base, name: name.text, nameSpan: spanOf(name), span, depth: deeper(reader, [base], span) };
}

export function literalSyntax(type: FieldType, value: LiteralValue, span: Span): LiteralSyntax {
  return { kind: "literal", type, value, span, depth: 1 };
}

export function stringSyntax(token: Token): LiteralSyntax {
  return literalSyntax(stringType, token.text, spanOf(token));
}

/** TRUE, FALSE or NULL. */
export function constantSyntax(word: "TRUE" | "FALSE" | "NULL", token: Token): LiteralSyntax {
  return word === "NULL" ? literalSyntax(nullType, null, spanOf(token)) : literalSyntax(booleanType, word === "TRUE", spanOf(token));
}

export function spanOf(token: Span): Span {
  return { start: token.start, end: token.end };
}

function build(reader: TokenReader, name: string, operator: boolean, args: readonly Syntax[], nameSpan: Span, span: Span): CallSyntax {
  return { kind: "call", name, operator, args, nameSpan: spanOf(nameSpan), span, depth: deeper(reader, args, span) };
}

function deeper(reader: TokenReader, children: readonly Syntax[], span: Span): number {
  let depth = 0;
  for (const child of children) depth = Math.max(depth, child.depth);
  if (depth >= reader.maxDepth) reader.failDepth(span);
  return depth + 1;
}
