import type { JsonObject } from "@millrace/engine";
import { param } from "@millrace/engine";
import type { z } from "zod";
import { isParamVisible } from "./param-visibility.ts";

/** A parameter of a form, or of a group in it. */
export interface ListedParam {
  readonly name: string;
  readonly schema: z.ZodType;
  readonly info: param.RegisteredParam;
}

/** The parameters that a form shows now, those that are folded away apart. */
export function listParams(
  schema: z.ZodType,
  values: JsonObject,
): { readonly plain: readonly ListedParam[]; readonly advanced: readonly ListedParam[] } {
  const shown: ListedParam[] = [];
  for (const [name, member] of Object.entries(param.paramShape(schema) ?? {})) {
    const info = param.paramMeta(member);
    if (info !== undefined && isParamVisible(info, values, schema)) shown.push({ name, schema: member, info });
  }
  return { plain: shown.filter(({ info }) => info.advanced !== true), advanced: shown.filter(({ info }) => info.advanced === true) };
}
