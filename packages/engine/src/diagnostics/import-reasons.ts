import type { GraphEdge } from "../graph/graph.ts";
import type { JsonFault, TextPosition } from "../graph/json-text.ts";
import type { JsonValue } from "../types/json-value.ts";

/**
 * The reasons inside an `IMPORT_INVALID`, as the end of its sentence: no capital, no full stop.
 * Foreign text is quoted and cut.
 */
export const importReasons = {
  empty: () => "the file is empty",
  binary: (a: { readonly what: string }) => `this is ${a.what}, not pipeline JSON`,
  notJson: (a: { readonly what: string }) => `this looks like ${a.what}, not like JSON`,
  nodeRed: () => "this is a Node-RED flow, not a Millrace pipeline",
  n8n: () => "this is an n8n workflow, not a Millrace pipeline",
  syntax: (a: { readonly fault: JsonFault; readonly found: string; readonly at: TextPosition }) =>
    `${faults[a.fault](a.found === "" ? "the end of the file" : quote(a.found))}, at line ${a.at.line}, column ${a.at.column}`,
  duplicateKey: (a: { readonly key: string; readonly within: readonly string[]; readonly at: TextPosition }) =>
    `${a.within.join(".") === "pipeline.nodes" ? "two nodes have the id" : `${place(a.within)} has more than one member`} ${quote(a.key)}, the second at line ${a.at.line}, column ${a.at.column}`,
  forbiddenKey: (a: { readonly key: string; readonly within: readonly string[]; readonly at: TextPosition }) =>
    `${place(a.within)} has a member ${a.key}, which is not allowed, at line ${a.at.line}, column ${a.at.column}`,
  document: (a: { readonly found: JsonValue }) => `the file holds ${show(a.found)}, where an object with "pipeline" was expected`,
  missing: (a: { readonly what: string }) => `${a.what} is missing`,
  unknownMember: (a: { readonly what: string; readonly name: string; readonly known: readonly string[] }) =>
    `${a.what} has a member ${quote(a.name)}, which is not known; there are ${a.known.join(", ")}`,
  wrongType: (a: { readonly what: string; readonly expected: string; readonly found: JsonValue }) =>
    `${a.what} is ${show(a.found)}, where ${a.expected} was expected`,
  badSlug: (a: { readonly slug: string }) =>
    `the node id ${quote(a.slug)} is not of the form a-z, then a-z, 0-9 or _ (63 characters at most)`,
  secretObject: (a: { readonly what: string }) =>
    `${a.what.slice(0, 300)} holds a $secret object; a secret is named by a plain text such as "smtp_password"`,
  edge: (a: { readonly edge: GraphEdge; readonly reason: string }) =>
    `the edge ${cut(a.edge.from)} → ${cut(a.edge.to)} cannot be: ${a.reason}`,
  tooMany: (a: { readonly left: number }) => `there are ${a.left} more problems like these`,
} as const;

const faults: Readonly<Record<JsonFault, (found: string) => string>> = {
  "value-expected": (found) => `a value was expected, but there is ${found}`,
  "key-expected": (found) => `a member name in double quotes was expected, but there is ${found}`,
  "colon-expected": (found) => `a colon was expected, but there is ${found}`,
  "comma-expected": (found) => `a comma or a closing bracket was expected, but there is ${found}`,
  "trailing-text": (found) => `the document has ended, but there follows ${found}`,
  "string-not-closed": () => "a text in quotes has no end",
  "control-character": () => "a text in quotes holds a line break or another control character",
  "bad-escape": (found) => `${found} is no escape sequence`,
  "lone-surrogate": () => "a text holds half a character (an unpaired surrogate)",
  "nul-character": () => "a text holds a NUL character",
  "number-too-large": (found) => `the number ${found} is too large`,
  "number-inexact": (found) => `the whole number ${found} cannot be held exactly; put it in quotes`,
};

function place(path: readonly string[]): string {
  return path.length === 0 ? "the document" : path.map((name) => cut(name)).join(".");
}

/** A JSON value as a person calls it: `the number 5`, `a list`. */
export function show(value: JsonValue): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return "an object";
  return typeof value === "string" ? `the text ${quote(value)}` : `the ${typeof value} ${String(value)}`;
}

/** Foreign text in quotes, cut to 60 characters. */
export function quote(text: string): string {
  return JSON.stringify(cut(text));
}

/** Foreign text, cut to 60 characters. */
export function cut(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59).toWellFormed()}…` : text;
}
