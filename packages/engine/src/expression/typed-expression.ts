import type { Span } from "../diagnostics/diagnostic.ts";
import type { FieldType } from "../types/field-type.ts";

/** A literal as a kernel sees it: timestamps and intervals are ms. */
export type LiteralValue = null | boolean | number | string;

/**
 * A checked expression: every name is resolved to a field index, every call to one overload of the
 * functions table, every implicit cast is explicit. This is what kernels are built from, what push-down
 * reads and what the SQL exporter prints.
 */
export type TypedExpression =
  | { readonly kind: "literal"; readonly type: FieldType; readonly value: LiteralValue; readonly span: Span }
  | { readonly kind: "field"; readonly type: FieldType; readonly index: number; readonly name: string; readonly span: Span }
  /** `name` is the canonical name in the functions table; operators, CASE and CAST are functions too. */
  | {
      readonly kind: "call";
      readonly type: FieldType;
      readonly name: string;
      readonly args: readonly TypedExpression[];
      readonly span: Span;
    };
