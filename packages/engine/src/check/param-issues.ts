import type { z } from "zod";
import { type Diagnostic, error } from "../diagnostics/diagnostic.ts";
import { entryLabel, expectedWords, showValue } from "../diagnostics/param-words.ts";
import { nearestName } from "../expression/nearest-name.ts";
import type { ParamLeaf } from "../node/param-leaves.ts";
import { paramShape } from "../node/params.ts";
import type { JsonObject, JsonValue } from "../types/json-value.ts";

/** Findings about the params of one node; beyond these, nobody reads on. */
const mostIssues = 50;

type Issue = z.core.$ZodIssue;

/** What a params schema refuses, as diagnostics with the path of the parameter. */
export function paramDiagnostics(
  issues: readonly Issue[],
  schema: z.ZodType,
  leaves: readonly ParamLeaf[],
  slug: string,
  params: JsonObject,
): readonly Diagnostic[] {
  return issues.slice(0, mostIssues).flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code === "unrecognized_keys") return unknownMembers(issue.keys.slice(0, mostIssues), path, schema, slug);
    return [refused(issue, path, leaves, slug, params)];
  });
}

function refused(issue: Issue, path: readonly string[], leaves: readonly ParamLeaf[], slug: string, params: JsonObject): Diagnostic {
  const param = path.join(".");
  const place = { node: slug, param };
  const leaf = leaves.find((candidate) => param === candidate.path || param.startsWith(`${candidate.path}.`));
  const inside = leaf === undefined ? [] : path.slice(leaf.path.split(".").length);
  const kind = leaf?.meta.param.kind ?? "group";
  const label = entryLabel(leaf?.meta.label ?? (param === "" ? "The parameters" : param), inside);
  if (isOwnRule(issue)) return error("PARAM_CONFLICT", { words: issue.message }, place);
  const value = valueAt(params, path);
  if (isBlank(value)) return error("PARAM_MISSING", { label, kind: inside.length === 0 ? kind : "text" }, place);
  // Whoever typed an address instead of a name typed its password too.
  const shown = kind === "secret" || kind === "connection" ? `no name of a ${kind}` : showValue(value);
  return error("PARAM_INVALID", { label, value: shown, expected: expectedWords(issue, leaf?.meta.param, inside) }, place);
}

/** A rule that the definition added to its schema, with words of its own; zod's own are never shown. */
function isOwnRule(issue: Issue): boolean {
  return issue.code === "custom" && issue.message !== "" && issue.message !== "Invalid input";
}

/** Nothing was entered yet: the node is unfinished, not wrong. */
function isBlank(value: JsonValue | undefined): boolean {
  return (
    value === undefined ||
    value === null ||
    (typeof value === "string" && value.trim() === "") ||
    (Array.isArray(value) && value.length === 0)
  );
}

function unknownMembers(keys: readonly string[], path: readonly string[], schema: z.ZodType, slug: string): readonly Diagnostic[] {
  let owner: z.ZodType | undefined = schema;
  for (const name of path) {
    const shape: Readonly<Record<string, z.ZodType>> | undefined = owner === undefined ? undefined : paramShape(owner);
    owner = shape !== undefined && Object.hasOwn(shape, name) ? shape[name] : undefined;
  }
  const known = Object.keys((owner === undefined ? undefined : paramShape(owner)) ?? {});
  return keys.map((name) => {
    const param = [...path, name].join(".");
    return error("PARAM_UNKNOWN", { name: param, known, nearest: nearestName(name, known) }, { node: slug, param });
  });
}

function valueAt(params: JsonValue, path: readonly string[]): JsonValue | undefined {
  let value: JsonValue | undefined = params;
  for (const name of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as JsonObject)[name];
  }
  return value;
}
