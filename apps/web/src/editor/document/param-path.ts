import type { JsonObject, JsonValue } from "@millrace/engine";
import { entryOf, withEntry, withoutEntries } from "./plain-record.ts";

/** Where a value stands in a node's params, as diagnostics write it: `where`, `aggregates.0.argument`. */
export type ParamPath = readonly (string | number)[];

/** The written form of a path, as in `Diagnostic.place.param`. */
export function writeParamPath(path: ParamPath): string {
  return path.join(".");
}

/** The value at a path, or undefined. */
export function valueAtPath(value: JsonValue | undefined, path: ParamPath): JsonValue | undefined {
  let here = value;
  for (const step of path) {
    if (typeof here !== "object" || here === null) return undefined;
    here = isList(here) ? (typeof step === "number" ? here[step] : undefined) : entryOf(here, String(step));
  }
  return here;
}

/**
 * `root` with `value` at `path`; undefined removes the member. Objects on the way are made where they are missing.
 * Items of lists are replaced, never removed: lists are set as a whole.
 */
export function withValueAtPath(root: JsonObject, path: ParamPath, value: JsonValue | undefined): JsonObject {
  const [step, ...rest] = path;
  const name = String(step);
  if (rest.length === 0) return value === undefined ? withoutEntries(root, new Set([name])) : withEntry(root, name, value);
  return withEntry(root, name, inside(entryOf(root, name), rest, value));
}

function inside(here: JsonValue | undefined, path: ParamPath, value: JsonValue | undefined): JsonValue {
  const [step, ...rest] = path;
  if (here !== undefined && isList(here)) {
    const index = Number(step);
    if (!(index >= 0 && index < here.length)) return here;
    const item = rest.length === 0 ? (value ?? null) : inside(here[index], rest, value);
    return item === here[index] ? here : here.with(index, item);
  }
  const object: JsonObject = typeof here === "object" && here !== null ? here : Object.create(null);
  return withValueAtPath(object, path, value);
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
