import { type Diagnostic, error } from "../../diagnostics/diagnostic.ts";
import type { ParamLeaf } from "../../node/param-leaves.ts";
import { type OperatorContext, type OperatorRule, placeOfParam } from "./operator-rule.ts";

/** Fields of one stream have different names. Duplicates inside one list parameter are found with the parameter. */
export const outputFields: OperatorRule = (context) => {
  const fields = context.outputs?.out?.fields ?? [];
  const seen = new Set<string>();
  const found: Diagnostic[] = [];
  for (const { name } of fields) {
    if (seen.has(name)) found.push(error("OUTPUT_FIELD_DUPLICATE", { field: name }, placeOfName(context, name)));
    seen.add(name);
  }
  return found;
};

function placeOfName(context: OperatorContext, name: string) {
  const entry = (leaf: ParamLeaf): number =>
    Array.isArray(leaf.value)
      ? leaf.value.findIndex(
          (item: { as?: unknown; name?: unknown } | string) => typeof item === "object" && (item.as ?? item.name) === name,
        )
      : -1;
  const place = placeOfParam(context, (leaf) => entry(leaf) !== -1);
  const leaf = context.leaves.find((candidate) => candidate.path === place.param);
  if (leaf === undefined) return place;
  return { ...place, param: `${leaf.path}.${entry(leaf)}.${leaf.meta.param.kind === "aggregates" ? "as" : "name"}` };
}
