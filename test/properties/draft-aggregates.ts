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
    params.push({ as, fn: made.fn, argument: made.argument, ...filter, ...randomOptions(random, made.fn) });
    fields.push({ name: as, type: made.type });
  }
  return { params, fields };
}

/** What functions take beside their argument. */
function randomOptions(random: RandomSource, fn: string): JsonObject {
  if (fn === "percentile") return { fraction: random.pick([0, 0.25, 0.999, 1]) };
  const limit = random.chance(0.4) ? { limit: 1 + random.below(4) } : {};
  if (fn === "string_agg") return { ...limit, ...(random.chance(0.4) ? { separator: random.pick(["", "; "]) } : {}) };
  return fn === "collect" || fn === "most_frequent" || fn === "top_k" ? limit : {};
}

/** What one aggregate takes, and what comes of it. */
interface AggregateDraft {
  readonly fn: string;
  readonly argument: string;
  readonly type: DraftType;
}

const anyType: readonly DraftType[] = ["bigint", "double", "string", "timestamp"];
const numbers: readonly DraftType[] = ["bigint", "double"];

/** By function: which fields it takes, what comes of it (null: what it took), and whether it depends on the order of records. */
const functions: Readonly<
  Record<string, { readonly takes: readonly DraftType[]; readonly gives: DraftType | null; readonly ordered: boolean }>
> = {
  count: { takes: anyType, gives: "bigint", ordered: false },
  sum: { takes: numbers, gives: null, ordered: false },
  avg: { takes: numbers, gives: "double", ordered: false },
  min: { takes: anyType, gives: null, ordered: false },
  max: { takes: anyType, gives: null, ordered: false },
  count_distinct: { takes: anyType, gives: "bigint", ordered: false },
  approx_count_distinct: { takes: anyType, gives: "bigint", ordered: false },
  first: { takes: anyType, gives: null, ordered: true },
  last: { takes: anyType, gives: null, ordered: true },
  collect: { takes: anyType, gives: "array", ordered: true },
  string_agg: { takes: ["string"], gives: "string", ordered: true },
  // Sums of fractions, and what is kept of many values, come out a little different in another order.
  stddev_samp: { takes: numbers, gives: "double", ordered: true },
  median: { takes: numbers, gives: "double", ordered: true },
  p95: { takes: numbers, gives: "double", ordered: true },
  percentile: { takes: numbers, gives: "double", ordered: true },
  top_k: { takes: ["string", "bigint", "double"], gives: "array", ordered: false },
  most_frequent: { takes: ["string", "bigint"], gives: "array", ordered: true },
};

function oneAggregate(random: RandomSource, stream: DraftStream, orderless: boolean): AggregateDraft | null {
  const [fn, { takes, gives }] = random.pick(Object.entries(functions).filter(([, { ordered }]) => !(orderless && ordered)));
  const candidates = fieldsOf(stream, ...takes);
  if (candidates.length === 0) return null;
  const { name, type } = random.pick(candidates);
  return { fn, argument: name, type: gives ?? type };
}
