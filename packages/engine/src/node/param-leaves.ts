import type { z } from "zod";
import type { JsonObject, JsonValue } from "../types/json-value.ts";
import { paramMeta, paramShape, type RegisteredParam } from "./params.ts";

/** One parameter of a node, groups taken apart, with the value that one node gives it. */
export interface ParamLeaf {
  /** `where`, `window.size`. */
  readonly path: string;
  readonly schema: z.ZodType;
  readonly meta: RegisteredParam;
  /** As saved; undefined = left out. */
  readonly raw: JsonValue | undefined;
  /** Output of the schema, the default filled in; undefined when it refuses the value. */
  readonly value: unknown;
  /** False while `visibleWhen` hides it; a hidden parameter is not read. */
  readonly visible: boolean;
}

/** All parameters of a node in the order of the schema, with their values from `params`. Never throws. */
export function paramLeaves(schema: z.ZodType, params: JsonValue | undefined): readonly ParamLeaf[] {
  const leaves: ParamLeaf[] = [];
  gather(schema, params, "", true, leaves);
  return leaves;
}

/**
 * The params without the values of hidden parameters that have a default and whose value makes no sense: what
 * nobody can see must not stand in the way.
 */
export function withoutHidden(params: JsonObject, leaves: readonly ParamLeaf[]): JsonObject {
  const useless = leaves.filter(
    (leaf) => !leaf.visible && leaf.raw !== undefined && leaf.value === undefined && leaf.meta.default !== undefined,
  );
  return useless.reduce((rest, leaf) => without(rest, leaf.path.split(".")), params);
}

function without(object: JsonObject, path: readonly string[]): JsonObject {
  const [name, ...inner] = path;
  const { [name]: value, ...rest } = object;
  return inner.length > 0 && isRecord(value) ? { ...rest, [name]: without(value, inner) } : rest;
}

function gather(schema: z.ZodType, params: JsonValue | undefined, prefix: string, visible: boolean, leaves: ParamLeaf[]): void {
  const object = isRecord(params) ? params : {};
  const shape = paramShape(schema) ?? {};
  const valueUnder = (name: string): unknown => (Object.hasOwn(shape, name) ? parsed(shape[name], member(object, name)) : undefined);
  for (const [name, part] of Object.entries(shape)) {
    const meta = paramMeta(part);
    if (meta === undefined) continue;
    const path = prefix === "" ? name : `${prefix}.${name}`;
    const when = meta.visibleWhen;
    const shown = visible && (when === undefined || when.equals.some((value) => value === valueUnder(when.param)));
    if (meta.param.kind === "group") gather(part, member(object, name), path, shown, leaves);
    else leaves.push({ path, schema: part, meta, raw: member(object, name), value: valueUnder(name), visible: shown });
  }
}

function parsed(schema: z.ZodType, raw: JsonValue | undefined): unknown {
  const result = schema.safeParse(raw);
  return result.success ? result.data : undefined;
}

function member(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function isRecord(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
