import type { Span } from "../../diagnostics/diagnostic.ts";
import type { Token } from "../../expression/tokens.ts";

/** An expression of a clause as its tokens, the last of kind `end`; offsets are those of the whole text. */
export interface ClauseExpression {
  readonly tokens: readonly Token[];
  readonly span: Span;
}

export interface NamedClauseExpression {
  readonly name: string;
  readonly nameSpan: Span;
  readonly expression: ClauseExpression;
}

/** How often an element of a row pattern comes. */
export interface RowQuantifier {
  readonly min: number;
  /** null: without end. */
  readonly max: number | null;
  /** Behind `?`: as few as will do; else as many as there are. */
  readonly reluctant: boolean;
}

/** A variable of a row pattern, or elements in parentheses. */
export type RowElement = { readonly quantifier: RowQuantifier; readonly span: Span } & (
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "group"; readonly elements: readonly RowElement[] }
);

/** Where the search goes on behind a match. */
export interface RowSkip {
  readonly to: "past-last" | "next-row" | "first" | "last";
  /** Of `first` and `last`. */
  readonly variable: string;
  readonly span: Span;
}

/** A MATCH_RECOGNIZE clause as it was written. */
export interface MatchRecognizeClause {
  readonly partitionBy: readonly string[];
  readonly orderBy: readonly { readonly name: string; readonly descending: boolean; readonly span: Span }[];
  readonly measures: readonly NamedClauseExpression[];
  /** null: not said. */
  readonly skip: RowSkip | null;
  readonly pattern: readonly RowElement[];
  readonly withinMs: number | null;
  readonly define: readonly NamedClauseExpression[];
}

/** The variables of a pattern, in the order in which they stand; one that stands twice is there twice. */
export function variablesOf(elements: readonly RowElement[]): readonly { readonly name: string; readonly span: Span }[] {
  return elements.flatMap((element) => (element.kind === "variable" ? [element] : variablesOf(element.elements)));
}
