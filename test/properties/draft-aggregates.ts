import type { JsonObject } from "@millrace/engine";
import type { RandomSource } from "@millrace/engine/testing";
import { fieldsOf, randomCondition } from "./draft-expressions.ts";
import type { DraftField, DraftStream, DraftType } from "./pipeline-draft.ts";

/** Aggregates as a parameter of a window, and the fields that come of them. `orderless`: without those that depend on the order of arrival. */
export function randomAggregates(
  random: RandomSource,
  stream: DraftStream,
  orderless: boolean,
): { readonly params: JsonObject[]; readonly fields: DraftField[] } {
  const params: JsonObject[] = [{ as: "r0", fn: "count" }];
  const fields: DraftField[] = [{ name: "r0", type: "bigint" }];
  for (let i = random.below(3); i > 0; i--) {
    const as = `r${params.length}`;
    const made = oneAggregate(random, stream, orderless);
    if (made === null) continue;
    const filter = random.chance(0.2) ? { filter: randomCondition(random, stream) } : {};
    params.push({ as, fn: made.fn, argument: made.argument, ...filter });
    fields.push({ name: as, type: made.type });
  }
  return { params, fields };
}

function oneAggregate(
  random: RandomSource,
  stream: DraftStream,
  orderless: boolean,
): { readonly fn: string; readonly argument: string; readonly type: DraftType } | null {
  const fn = random.pick([
    "count",
    "sum",
    "avg",
    "min",
    "max",
    "count_distinct",
    ...(orderless ? [] : ["first", "last", "collect", "string_agg"]),
  ]);
  if (fn === "string_agg") {
    const texts = fieldsOf(stream, "string");
    return texts.length === 0 ? null : { fn, argument: random.pick(texts).name, type: "string" };
  }
  const numeric = fn === "sum" || fn === "avg";
  const candidates = numeric ? fieldsOf(stream, "bigint", "double") : fieldsOf(stream, "bigint", "double", "string", "timestamp");
  if (candidates.length === 0) return null;
  const { name, type } = random.pick(candidates);
  const counts = fn === "count" || fn === "count_distinct";
  const result: DraftType = counts ? "bigint" : fn === "avg" ? "double" : fn === "collect" ? "array" : type;
  return { fn, argument: name, type: result };
}
