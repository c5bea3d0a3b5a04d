import type { ParamKind } from "../node/param-kind.ts";

/** What is to be done about a parameter of a kind that has no value yet. */
export function missingWords(label: string, kind: ParamKind["kind"]): string {
  switch (kind) {
    case "field":
    case "own-field":
      return `Choose a field for "${label}".`;
    case "fields":
      return `Choose the fields for "${label}".`;
    case "choice":
    case "toggle":
    case "file-path":
    case "secret":
      return `Choose "${label}".`;
    case "expression":
      return `Write an expression for "${label}".`;
    case "template":
    case "text":
      return `Write "${label}".`;
    case "number":
    case "duration":
    case "url":
      return `Enter "${label}".`;
    case "named-expressions":
    case "conditions":
    case "aggregates":
    case "schema":
    case "headers":
      return `Add at least one entry to "${label}".`;
    case "group":
      return `Fill in "${label}".`;
  }
}

/** A list for a sentence: the first twelve, and how many more there are. */
export function some(names: readonly string[]): string {
  if (names.length <= 12) return names.join(", ");
  return `${names.slice(0, 12).join(", ")} and ${names.length - 12} more`;
}
