import type { TypedExpression } from "../expression/typed-expression.ts";
import { writeDuration } from "../types/duration.ts";
import { explainExpression } from "./explain-expression.ts";
import type { LookupCacheSpec, LookupJoin } from "./lookup-operator.ts";

/** What a lookup does, as lines for people. Connector options are left out. */
export function explainLookup<I>(operator: LookupJoin<TypedExpression, I>): readonly string[] {
  const { kind, connector, keys, order, capacity, timeoutMs, retries, cache, onFailure } = operator;
  const by = keys.map(({ name, value }) => `${name} = ${explainExpression(value)}`).join(", ");
  return [
    `${kind} lookup in ${connector} by ${by}`,
    `${order}, ${capacity} questions at once, ${writeDuration(timeoutMs)} each, ${retries} retries`,
    cache === null ? "no cache" : explainCache(cache),
    onFailure === "null" ? "what fails has no row" : "what fails goes to the dead letters",
  ];
}

function explainCache({ ttlMs, missingTtlMs, maxEntries, inState }: LookupCacheSpec): string {
  const missing = missingTtlMs === 0 ? "none of keys without a row" : `${writeDuration(missingTtlMs)} for keys without a row`;
  return `cache ${writeDuration(ttlMs)}, ${missing}, at most ${maxEntries}${inState ? ", in checkpoints too" : ""}`;
}
