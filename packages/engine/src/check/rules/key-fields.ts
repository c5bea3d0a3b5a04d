import { type Diagnostic, error, type Place } from "../../diagnostics/diagnostic.ts";
import { windowKey } from "../../plan/derive-type.ts";
import { isKeyable } from "../../state/value-table.ts";
import { showType } from "../../types/field-type.ts";
import { type OperatorContext, type OperatorRule, placeOfParam } from "./operator-rule.ts";

/** Keys are of types whose values can be told apart: no json, arrays or rows. */
export const keyFields: OperatorRule = (context) => {
  const input = context.inputs.at(0);
  if (input === undefined) return [];
  const found: Diagnostic[] = [];
  for (const name of keyOf(context)) {
    const type = input.fields.find((field) => field.name === name)?.type;
    if (type !== undefined && !isKeyable(type)) {
      found.push(error("KEY_TYPE", { field: name, type: showType(type) }, placeOfKey(context, name)));
    }
  }
  return found;
};

function keyOf({ operator, inputs }: OperatorContext): readonly string[] {
  if (operator.op === "key-by") return operator.fields;
  if (!("keyBy" in operator)) return [];
  return inputs.length === 0 ? [] : windowKey(operator, inputs[0]);
}

function placeOfKey(context: OperatorContext, name: string): Place {
  const position = (value: unknown): number => (Array.isArray(value) ? value.indexOf(name) : -1);
  const place = placeOfParam(context, ({ meta, value }) => {
    return meta.param.kind === "field" ? value === name : meta.param.kind === "fields" && position(value) !== -1;
  });
  const leaf = context.leaves.find((candidate) => candidate.path === place.param);
  return leaf?.meta.param.kind === "fields" ? { ...place, param: `${leaf.path}.${position(leaf.value)}` } : place;
}
