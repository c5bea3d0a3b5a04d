import type { GraphNode, JsonValue, NodeDefinition, NodeReport } from "@millrace/engine";
import { param } from "@millrace/engine";
import { entryOf } from "../document/plain-record.ts";
import { isParamVisible } from "../inspector/param-visibility.ts";

/** What a card says of its node: one of these at a time. `fine` says nothing, for calm is good news. */
export type CardState =
  | { readonly kind: "fine" }
  /** Something required is not there yet; `next` names it: `choose a field`. */
  | { readonly kind: "unfinished"; readonly next: string }
  | { readonly kind: "invalid"; readonly errors: number }
  | { readonly kind: "unknown"; readonly type: string };

/** Findings that only say that something is not there yet. */
const unfinishedCodes: ReadonlySet<string> = new Set(["PARAM_MISSING", "INPUT_MISSING", "INPUT_DISABLED"]);

/** What to say of a node, from its parameters and what the checker found; `definition` undefined = an unknown kind. */
export function cardState(node: GraphNode, definition: NodeDefinition | undefined, report: NodeReport | undefined): CardState {
  if (definition === undefined) return { kind: "unknown", type: node.type };
  if (node.disabled) return { kind: "fine" };
  const errors = (report?.diagnostics ?? []).filter((diagnostic) => diagnostic.severity === "error");
  const wrong = errors.filter((diagnostic) => !unfinishedCodes.has(diagnostic.code));
  if (wrong.length > 0) return { kind: "invalid", errors: wrong.length };
  const next = missingParam(node, definition);
  if (next !== null) return { kind: "unfinished", next };
  if (errors.length > 0) return { kind: "unfinished", next: definition.inputs.length > 1 ? "connect all inputs" : "connect the input" };
  return { kind: "fine" };
}

/** The first required parameter that has no value, as a thing to do; null when there is none. */
function missingParam(node: GraphNode, definition: NodeDefinition): string | null {
  for (const [name, schema] of Object.entries(param.paramShape(definition.params) ?? {})) {
    const meta = param.paramMeta(schema);
    if (meta === undefined || meta.default !== undefined || meta.param.kind === "group") continue;
    if (isParamVisible(meta, node.params, definition.params) && isEmpty(entryOf(node.params, name))) return thingToDo(meta);
  }
  return null;
}

function thingToDo({ label, param: kind }: param.RegisteredParam): string {
  const name = label.toLowerCase();
  switch (kind.kind) {
    case "expression":
      return kind.result === "boolean" ? "write a condition" : "write an expression";
    case "own-expression":
      return "write an expression";
    case "schema":
      return "list the fields";
    case "named-expressions":
      return "add a field";
    case "conditions":
      return "add a condition";
    case "aggregates":
      return "add a result";
    case "pattern-stages":
      return "add a stage";
    case "field":
    case "own-field":
    case "file-path":
    case "connection":
      return `choose ${/^[aeiou]/.test(name) ? "an" : "a"} ${name}`;
    case "fields":
    case "order":
    case "choice":
      return `choose ${name}`;
    case "url":
    case "secret":
      return `enter ${/^[aeiou]/.test(name) ? "an" : "a"} ${name}`;
    case "text":
    case "template":
      return `write the ${name}`;
    default:
      return `set the ${name}`;
  }
}

function isEmpty(value: JsonValue | undefined): boolean {
  return value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);
}
