import type { z } from "zod";
import type { ParamKind } from "../node/param-kind.ts";
import { paramMeta, paramShape } from "../node/params.ts";
import type { JsonObject, JsonValue } from "../types/json-value.ts";
import { isObject, record } from "./document-reader.ts";

const secretName = /passw|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|passphrase|credential|authorization/i;
const addressWithPassword = /^[a-z][a-z0-9+.-]*:\/\/[^/?#@\s]*:[^/?#@\s]*@/i;

/** Longer texts are no addresses; the pattern needs time quadratic in the text. */
const longestAddress = 2048;

/** Kinds of params whose values can be neither a password nor an address with one. */
const harmless: ReadonlySet<ParamKind["kind"]> = new Set<ParamKind["kind"]>([
  "number",
  "toggle",
  "choice",
  "duration",
  "field",
  "fields",
  "order",
  "expression",
  "template",
  "named-expressions",
  "conditions",
  "aggregates",
  "pattern-stages",
  "schema",
  "own-field",
  "own-expression",
]);

/** Params without plain-text secrets, and the paths of what was left out. */
export interface StrippedParams {
  readonly params: JsonObject;
  readonly stripped: readonly string[];
}

/**
 * Leaves out of foreign params what is a secret, or looks like one: text under a name such as `password`,
 * addresses with a password inside, and values of secret params that are no names of secrets.
 * `schema` is that of the node's definition; undefined for a node of unknown type.
 */
export function stripSecrets(params: JsonObject, schema: z.ZodType | undefined): StrippedParams {
  const stripped: string[] = [];
  return { params: strip(params, schema, "", stripped), stripped };
}

function strip(object: JsonObject, schema: z.ZodType | undefined, path: string, stripped: string[]): JsonObject {
  const kept = record<JsonValue>();
  const shape = schema === undefined ? undefined : paramShape(schema);
  for (const [name, value] of Object.entries(object)) {
    const member = shape !== undefined && Object.hasOwn(shape, name) ? shape[name] : undefined;
    const kind = member === undefined ? undefined : paramMeta(member)?.param.kind;
    const memberPath = path === "" ? name : `${path}.${name}`;
    if (kind !== undefined && harmless.has(kind)) kept[name] = value;
    else if (kind === "secret" || kind === "connection" ? member?.safeParse(value).success === false : holdsSecret(name, value))
      stripped.push(memberPath);
    else kept[name] = stripInside(value, member, memberPath, stripped);
  }
  return kept;
}

function stripInside(value: JsonValue, schema: z.ZodType | undefined, path: string, stripped: string[]): JsonValue {
  if (isObject(value)) return strip(value, schema, path, stripped);
  if (!Array.isArray(value)) return value;
  return (value as readonly JsonValue[]).map((entry, i) => stripInside(entry, undefined, `${path}.${i}`, stripped));
}

function holdsSecret(name: string, value: JsonValue): boolean {
  return typeof value === "string" && value !== "" && (secretName.test(name) || addressWithPassword.test(value.slice(0, longestAddress)));
}
