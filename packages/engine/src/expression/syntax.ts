import type { Span } from "../diagnostics/diagnostic.ts";
import type { FieldType } from "../types/field-type.ts";
import type { LiteralValue } from "./typed-expression.ts";

/**
 * An expression as it was written: names are not resolved and nothing is typed. Special forms are calls of
 * the functions table already: `a NOT LIKE b` is NOT(LIKE(a, b)), `EXTRACT(HOUR FROM t)` is EXTRACT('HOUR', t).
 * `depth` is the height of the tree.
 */
export type Syntax = LiteralSyntax | NameSyntax | MemberSyntax | CallSyntax | CastSyntax;

export interface LiteralSyntax {
  readonly kind: "literal";
  readonly type: FieldType;
  readonly value: LiteralValue;
  readonly span: Span;
  readonly depth: number;
}

export interface NameSyntax {
  readonly kind: "name";
  readonly name: string;
  readonly quoted: boolean;
  readonly span: Span;
  readonly depth: number;
}

export interface MemberSyntax {
  readonly kind: "member";
  readonly base: Syntax;
  readonly name: string;
  readonly nameSpan: Span;
  readonly span: Span;
  readonly depth: number;
}

export interface CallSyntax {
  readonly kind: "call";
  /** Upper case; for operators their canonical name. */
  readonly name: string;
  /** True for what has a syntax of its own: it is named differently in messages. */
  readonly operator: boolean;
  readonly args: readonly Syntax[];
  readonly nameSpan: Span;
  readonly span: Span;
  readonly depth: number;
}

/** A type as it was written. */
export interface WrittenType {
  readonly type: FieldType;
  /** Where what was written holds less than `type`. */
  readonly narrowed: Narrowed | null;
  readonly span: Span;
}

/** What values keep that they would lose in the type that was written, and how they would. */
export interface Narrowed {
  readonly kept: string;
  readonly instead: string;
}

export interface CastSyntax {
  readonly kind: "cast";
  readonly value: Syntax;
  readonly to: WrittenType;
  readonly span: Span;
  readonly depth: number;
}
