import { completeExpression, type FunctionDoc, functionDocs, highlightClause, highlightExpression, jsonType } from "@millrace/engine";
import type { ExpressionAssist } from "./expression-assist.ts";

/** The name that is being written just before the cursor, with the backquote that opens it. */
const wordBefore = /(?:`[^`]*|[\p{ID_Start}_][\p{ID_Continue}]*)$/u;

const docsByName: ReadonlyMap<string, FunctionDoc> = new Map(
  functionDocs.flatMap((doc) => [doc.name, ...doc.aliases].map((name) => [name, doc] as const)),
);

/** What the engine knows about its expression language, as the editor of expressions asks for it. */
export const engineAssist: ExpressionAssist = {
  highlight: highlightExpression,
  highlightClause,
  complete: (text, offset, fields) => ({
    from: wordBefore.exec(text.slice(0, offset))?.index ?? offset,
    offers: completeExpression(text, offset, fields).map((completion) => ({
      ...completion,
      examples: completion.kind === "function" ? examplesOf(completion.label) : [],
    })),
  }),
  reference: (name) => completeExpression("", 0, [{ name, type: jsonType }])[0]?.insert ?? name,
};

/** At most this many examples stand beside an offer. */
const shown = 2;

function examplesOf(name: string): readonly string[] {
  const examples = docsByName.get(name)?.examples ?? [];
  return examples
    .slice(0, shown)
    .map(({ expression, value }) => `${expression} = ${typeof value === "string" ? `'${value}'` : String(value ?? "NULL")}`);
}
