import type { JsonObject, JsonValue } from "@millrace/engine";
import { param } from "@millrace/engine";
import type { z } from "zod";
import { entryOf } from "../document/plain-record.ts";

/** Whether a parameter is shown, given the values of its group: those of `group`, or their defaults by `schema`. */
export function isParamVisible(
  meta: { readonly visibleWhen?: { readonly param: string; readonly equals: readonly (string | boolean)[] } },
  group: JsonObject,
  schema: z.ZodType,
): boolean {
  if (meta.visibleWhen === undefined) return true;
  const { param: other, equals } = meta.visibleWhen;
  const value = entryOf(group, other) ?? defaultOf(schema, other);
  return equals.some((wanted) => wanted === value);
}

function defaultOf(schema: z.ZodType, name: string): JsonValue | undefined {
  const member: z.ZodType | undefined = param.paramShape(schema)?.[name];
  return member === undefined ? undefined : param.paramMeta(member)?.default;
}
