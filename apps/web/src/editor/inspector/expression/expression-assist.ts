import type { Completion, Field, Highlight } from "@millrace/engine";

/** One offer to complete what is being written, with examples of a function. */
export interface Offer extends Completion {
  readonly examples: readonly string[];
}

/** What the editor of expressions asks of the language. */
export interface ExpressionAssist {
  highlight(text: string): readonly Highlight[];
  highlightClause(text: string): readonly Highlight[];
  /** Offers at `offset`, best first, and from where on they replace the text. */
  complete(text: string, offset: number, fields: readonly Field[]): { readonly from: number; readonly offers: readonly Offer[] };
  /** A field's name as an expression writes it: in backquotes where it must be. */
  reference(name: string): string;
}
