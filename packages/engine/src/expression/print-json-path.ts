import type { TypedExpression } from "./typed-expression.ts";
import { type JsonStep, parseJsonPath, writeJsonPath } from "./values/json-path.ts";

/** A path with constant steps into a json value. */
export interface PrintedPath {
  readonly base: TypedExpression;
  readonly path: string;
}

/**
 * The path that members and elements of json values make, followed by the steps of `more` (a JSON path); null
 * when a step is not constant. Flink has no json type: there it is a text and such a path.
 */
export function jsonPathOf(expression: TypedExpression, more = "$"): PrintedPath | null {
  const steps: JsonStep[] = [];
  let base = expression;
  while (
    base.kind === "call" &&
    (base.name === "." || base.name === "[]") &&
    base.type.kind === "json" &&
    base.args[0].type.kind === "json"
  ) {
    const key: TypedExpression = base.args[1];
    if (key.kind !== "literal") return null;
    if (typeof key.value === "string") steps.unshift(key.value);
    else if (typeof key.value === "number" && key.value >= 1) steps.unshift(key.value - 1);
    else return null;
    base = base.args[0];
  }
  const path = writeJsonPath([...steps, ...(parseJsonPath(more) ?? [])]);
  return path === null ? null : { base, path };
}
