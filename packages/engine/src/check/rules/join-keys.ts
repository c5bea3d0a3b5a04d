import { type Diagnostic, error, type Place } from "../../diagnostics/diagnostic.ts";
import { quoteIdentifier } from "../../expression/flink-reserved-words.ts";
import { canCast } from "../../expression/functions/conversion.ts";
import { isKeyable } from "../../state/value-table.ts";
import { type Field, type FieldType, sameType, showType, stringType } from "../../types/field-type.ts";
import type { OperatorContext, OperatorRule } from "./operator-rule.ts";

/** The fields that a join compares are of one type, whose values can be told apart. */
export const joinKeys: OperatorRule = (context) => {
  const { operator, inputs } = context;
  if (!("on" in operator) || inputs.length < 2) return [];
  const [left, right] = inputs;
  return operator.on.flatMap((key): readonly Diagnostic[] => {
    const leftField = left.fields.find((field) => field.name === key.left);
    const rightField = right.fields.find((field) => field.name === key.right);
    // A field that is not there is said of the parameter.
    if (leftField === undefined || rightField === undefined) return [];
    const place = placeOfKey(context, "right", key.right);
    if (!isKeyable(leftField.type)) return [keyType(leftField, placeOfKey(context, "left", key.left))];
    if (!isKeyable(rightField.type)) return [keyType(rightField, place)];
    return sameType(leftField.type, rightField.type) ? [] : [differentTypes(leftField, rightField, place)];
  });
};

function keyType({ name, type }: Field, place: Place): Diagnostic {
  return error("KEY_TYPE", { field: name, type: showType(type) }, place);
}

function differentTypes(left: Field, right: Field, place: Place): Diagnostic {
  const words = { left: left.name, leftType: showType(left.type), right: right.name, rightType: showType(right.type) };
  return error("JOIN_KEY_TYPES", { ...words, cast: castOf(left, right) }, place);
}

/** The conversion that loses least: to text, or from whole numbers to fractions; else of both to text. */
function castOf(left: Field, right: Field): string {
  for (const kind of ["string", "double"] as const) {
    if (right.type.kind === kind && canCast(left.type, right.type)) return cast(left, right.type);
    if (left.type.kind === kind && canCast(right.type, left.type)) return cast(right, left.type);
  }
  return `${cast(left, stringType)} and ${cast(right, stringType)}`;
}

function cast({ name }: Field, type: FieldType): string {
  return `CAST(${quoteIdentifier(name)} AS ${showType(type).toUpperCase()})`;
}

/** The entry of the list of fields of that input from which the key comes. */
function placeOfKey({ leaves, slug }: OperatorContext, port: string, name: string): Place {
  for (const { meta, value, path } of leaves) {
    if (meta.param.kind !== "fields" || meta.param.port !== port || !Array.isArray(value)) continue;
    const at = value.indexOf(name);
    if (at !== -1) return { node: slug, param: `${path}.${at}` };
  }
  return { node: slug };
}
