import { defineNode, type OperatorOutput, outputOf, param, type RunningAggregate } from "@millrace/engine";
import { byKeys } from "../words/key-words.ts";
import { aggregateSpecs, windowFunctions } from "./window-params.ts";

export const runningAggregate = defineNode({
  type: "running-aggregate",
  version: 1,
  category: "window",
  label: "Running aggregate",
  summary: "Keeps totals of everything so far, and updates them with every record.",
  docs: `Computes results over *all* records of a key from the start on, and says them anew with each record: orders of this customer so far, the highest load that this machine ever had.

**When to use it.** For a table that is always up to date: put a **Live table** or a database sink behind it. When results are to come less often, use a **Global window**; when they are about a stretch of time, use one of the other windows.

**What comes out.** The key fields and the results. As *Updates* each row replaces the one before it under the same key; as *Retractions* the old row is taken back first, and nothing comes when all results are as before; as *Rows of their own* every row is final, and none replaces another.

**Input that takes rows back.** Rows that a join, a window or another aggregate takes back are taken out again: the count of all customers who are above a limit falls when one falls below it. count, count_distinct, and sum and avg of whole numbers can do that. A key of which nothing is left is deleted. Updates that do not say what they replace cannot be aggregated: let the node before it retract.

**Time.** Late records count as all others do; the watermark decides nothing here but what is forgotten.

**Pitfall.** Every key is kept for ever unless there is a *Time to live*; a key that comes back after it begins at zero, and the counter *expired* shows how many were forgotten.`,
  icon: "sigma",
  inputs: [{ name: "in" }],
  outputs: [{ name: "out" }],
  params: param.params({
    keyBy: param.fields({
      label: "Key fields",
      help: "One total for each value. An empty list takes the key of the stream, or all records as one group when it has none.",
    }),
    aggregates: param.aggregates({
      label: "Results",
      functions: windowFunctions,
      default: [{ as: "count", fn: "count" }],
      help: "What is computed over all records so far. NULLs are ignored; count without a field counts records.",
    }),
    output: param.choice({
      label: "Results come as",
      default: "update",
      options: [
        { value: "update", label: "Updates", help: "Each row replaces the one before it under the same key." },
        { value: "retract", label: "Retractions", help: "The old row is taken back before the new one comes." },
        { value: "append", label: "Rows of their own", help: "Every row stays as it is." },
      ],
    }),
    ttl: param.optionalDuration({
      label: "Time to live",
      minMs: 1,
      advanced: true,
      help: "A key is forgotten this long after its latest record (event time). Empty: never.",
    }),
  }),
  headline: (params) => `${params.aggregates.map(({ as }) => as).join(", ")} so far${byKeys(params.keyBy)}`,
  lower: ({ params, inputs }) => {
    const operator: RunningAggregate<string, OperatorOutput> = {
      op: "running-aggregate",
      input: inputs.in,
      keyBy: params.keyBy,
      aggregates: aggregateSpecs(params.aggregates),
      trigger: { kind: "records", every: 1 },
      panes: "accumulating",
      ttlMs: params.ttl,
      output: params.output,
    };
    return { out: outputOf(operator) };
  },
  examples: [
    {
      title: "Revenue of each shop so far",
      params: { keyBy: ["shop"], aggregates: [{ as: "revenue", fn: "sum", argument: "amount" }] },
      feed: {
        in: [
          { shop: "north", amount: 10 },
          { shop: "south", amount: 5 },
          { shop: "north", amount: 2 },
        ],
      },
      expect: {
        out: [
          { _op: "+I", shop: "north", revenue: 10 },
          { _op: "+I", shop: "south", revenue: 5 },
          { _op: "+U", shop: "north", revenue: 12 },
        ],
      },
    },
    {
      title: "Who comes back after the time to live begins anew",
      params: { keyBy: ["user"], output: "append", ttl: "1m" },
      feed: {
        in: [
          { user: "ann", _time: 0 },
          { user: "ann", _time: 30_000 },
          { user: "bo", _time: 100_000 },
          { user: "ann", _time: 120_000 },
        ],
      },
      expect: {
        out: [
          { user: "ann", count: 1 },
          { user: "ann", count: 2 },
          { user: "bo", count: 1 },
          { user: "ann", count: 1 },
        ],
      },
    },
  ],
});
