import type { Span } from "../../diagnostics/diagnostic.ts";

/** A piece of a text and what stands there instead. Offsets are those of the whole text. */
export interface TextEdit extends Span {
  readonly text: string;
}

/** The part `span` of a text with edits in it, which do not overlap. */
export function edited(text: string, span: Span, edits: readonly TextEdit[]): string {
  let written = "";
  let from = span.start;
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    written += text.slice(from, edit.start) + edit.text;
    from = edit.end;
  }
  return written + text.slice(from, span.end);
}
