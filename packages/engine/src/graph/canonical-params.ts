import { z } from "zod";
import { paramMeta, withoutDefault } from "../node/params.ts";
import { parseDuration, writeDuration } from "../types/duration.ts";
import type { JsonObject, JsonValue } from "../types/json-value.ts";
import { isObject, record } from "./document-reader.ts";
import { compareText } from "./port-ref.ts";

/**
 * Params in their one canonical form: members in the schema's order (unknown ones after them, sorted),
 * durations as `writeDuration` writes them, members equal to their default left out. Values that the
 * schema would refuse are kept as they are. Without a schema, members are sorted.
 */
export function canonicalParams(params: JsonObject, schema: z.ZodType | undefined): JsonObject {
  const canonical = canonicalValue(params, schema);
  return isObject(canonical) ? canonical : params;
}

/** A JSON value with the members of all its objects sorted by name. */
export function sortedJson(value: JsonValue): JsonValue {
  return canonicalValue(value, undefined);
}

function canonicalValue(value: JsonValue, schema: z.ZodType | undefined): JsonValue {
  const inner = schema === undefined ? undefined : inputSide(schema);
  if (Array.isArray(value)) {
    const element = inner instanceof z.ZodArray ? (inner.element as z.ZodType) : undefined;
    return (value as readonly JsonValue[]).map((entry) => canonicalValue(entry, element));
  }
  if (isObject(value)) {
    return inner instanceof z.ZodObject ? canonicalObject(value, inner.shape as Record<string, z.ZodType>) : canonicalObject(value, {});
  }
  const isDuration = schema !== undefined && paramMeta(schema)?.param.kind === "duration";
  const ms = isDuration && typeof value === "string" ? parseDuration(value) : null;
  return ms === null ? value : writeDuration(ms);
}

function canonicalObject(object: JsonObject, shape: Readonly<Record<string, z.ZodType>>): JsonObject {
  const canonical = record<JsonValue>();
  for (const [name, schema] of Object.entries(shape)) {
    if (!Object.hasOwn(object, name)) continue;
    const value = canonicalValue(object[name], schema);
    if (!isDefault(value, schema)) canonical[name] = value;
  }
  for (const name of Object.keys(object).sort(compareText)) {
    if (!Object.hasOwn(shape, name)) canonical[name] = canonicalValue(object[name], undefined);
  }
  return canonical;
}

function isDefault(value: JsonValue, schema: z.ZodType): boolean {
  const meta = paramMeta(schema);
  if (meta === undefined) return false;
  if (meta.param.kind === "group") return isObject(value) && Object.keys(value).length === 0;
  return meta.default !== undefined && JSON.stringify(value) === JSON.stringify(canonicalValue(meta.default, schema));
}

/** The schema of the JSON form: without defaults, and before any transform. */
function inputSide(schema: z.ZodType): z.ZodType {
  let inner = withoutDefault(schema);
  while (inner instanceof z.ZodPipe) inner = withoutDefault(inner.in as z.ZodType);
  return inner;
}
