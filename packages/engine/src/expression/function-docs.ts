import type { Example, FunctionDefinition, FunctionGroup } from "./functions/function-definition.ts";
import { functionsTable } from "./functions/functions-table.ts";

/** What is told of a function or operator. */
export interface FunctionDoc {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly group: FunctionGroup;
  /** How it is written, each overload: `ROUND(number double, decimals bigint) → double`. */
  readonly signatures: readonly string[];
  readonly doc: string;
  /** Expressions and their values. */
  readonly examples: readonly Example[];
}

/** Internal names of forms, as people know them. */
const shownNames: ReadonlyMap<string, string> = new Map([
  ["CASE_OF", "CASE … WHEN"],
  ["NEGATE", "-"],
  [".", "a.b"],
  ["[]", "a[1]"],
]);

/** All functions and operators of the expression language, as the docs and the editor show them. */
export const functionDocs: readonly FunctionDoc[] = functionsTable.map((definition) => ({
  name: shownNames.get(definition.name) ?? definition.name,
  aliases: definition.aliases,
  group: definition.group,
  signatures: signaturesOf(definition),
  doc: definition.doc,
  examples: definition.examples,
}));

function signaturesOf({ name, syntax, signatures }: FunctionDefinition): readonly string[] {
  if (syntax === null) return signatures.map((signature) => `${name}${signature.shape}`);
  return signatures.length === 0 ? [syntax] : signatures.map((signature) => `${syntax}: ${signature.shape}`);
}
