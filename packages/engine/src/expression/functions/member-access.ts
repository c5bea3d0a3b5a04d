import { memberOf } from "../values/json-path.ts";
import type { Implementation } from "./function-definition.ts";

/** `a.member`, `a['member']` and `a[1]`: own members alone, elements from 1. */
function access(base: unknown, key: unknown): unknown {
  if (typeof key === "string") return memberOf(base, key) ?? null;
  return typeof key === "number" ? (memberOf(base, key - 1) ?? null) : null;
}

export const memberImplementation: Implementation = { nulls: "propagate", evaluate: access };
