import { type Highlight, type HighlightKind, highlightKindOf } from "../../expression/highlight-expression.ts";
import type { Token } from "../../expression/tokens.ts";
import { clauseTokens } from "./clause-tokens.ts";

const words = new Set(
  "SELECT FROM MATCH_RECOGNIZE PARTITION BY ORDER ASC DESC MEASURES ONE ALL ROW ROWS PER MATCH AFTER SKIP PAST LAST FIRST NEXT TO PATTERN WITHIN SUBSET DEFINE FINAL RUNNING AS".split(
    " ",
  ),
);

/** The pieces of a MATCH_RECOGNIZE clause in order, as `highlightExpression` gives those of an expression. Never fails. */
export function highlightClause(text: string): readonly Highlight[] {
  const { tokens, problem } = clauseTokens(text, {});
  const written = tokens.filter(({ kind }) => kind !== "end");
  const pieces = written.map(
    (token, i): Highlight => ({ start: token.start, end: token.end, kind: kindOf(token, written[i - 1], written[i + 1]) }),
  );
  const from = written.at(-1)?.end ?? 0;
  return problem === null || from >= text.length ? pieces : [...pieces, { start: from, end: text.length, kind: "error" }];
}

function kindOf(token: Token, before: Token | undefined, after: Token | undefined): HighlightKind {
  const word = token.kind === "name" && before?.text !== "." ? token.text.toUpperCase() : "";
  const isCall = after?.text === "(" && word !== "MATCH_RECOGNIZE" && word !== "PATTERN";
  return words.has(word) && !isCall ? "keyword" : highlightKindOf(token, before, after);
}
