import { defineNode, type LookBack, type OperatorOutput, outputOf, param } from "@millrace/engine";
import { durationWords } from "../words/duration-words.ts";
import { byKeys } from "../words/key-words.ts";
import { aggregateSpecs, windowFunctions, windowOutputs } from "./window-params.ts";

export const lookBack = defineNode({
  type: "look-back",
  version: 1,
  category: "window",
  label: "Look back",
  summary: "Puts beside each record the aggregates over the time right before it.",
  docs: `For every record, computes results over the records of its key in the time up to it: the payments of this customer in the last 60 minutes, the mean of this sensor over the last 5 minutes. The record comes out with all its fields and the results behind them.

**When to use it.** When a decision is about a single record and its recent past, such as a score for each payment. Unlike windows, it has no boundaries that a burst could lie across. When a number per minute is enough, a **Hopping window** puts out far fewer rows.

**What is in range.** For a record at time t everything after t - *Range* and up to t: a record that is exactly the range older is out, the record itself is in. Records of the same time are peers: all of them count for each of them, whichever came first.

**When results come.** When the watermark reaches the record, because only then are all records before it there; records come out in the order of their time. Until then they are held.

**Late records.** A record at or behind the watermark leaves by the port *Late* and counts for nothing. An allowed disorder at the source gives such records time.

**Pitfall.** Repeats count too: put a **Deduplicate** before it when the source may deliver a record twice.`,
  icon: "history",
  inputs: [{ name: "in" }],
  outputs: windowOutputs,
  params: param.params({
    keyBy: param.fields({
      label: "Key fields",
      help: "Records with the same values are looked back at together. An empty list takes the key of the stream, or all records when it has none.",
    }),
    range: param.duration({ label: "Range", default: "1h", minMs: 1, help: "How far to look back from each record." }),
    aggregates: param.aggregates({
      label: "Results",
      functions: windowFunctions,
      default: [{ as: "recent_count", fn: "count" }],
      help: "What is computed over the records in range. NULLs are ignored; count without a field counts records.",
    }),
  }),
  headline: (params) => `last ${durationWords(params.range)}${byKeys(params.keyBy)}`,
  lower: ({ params, inputs }) => {
    const operator: LookBack<string, OperatorOutput> = {
      op: "look-back",
      input: inputs.in,
      keyBy: params.keyBy,
      rangeMs: params.range,
      aggregates: aggregateSpecs(params.aggregates),
    };
    return { out: outputOf(operator), late: outputOf(operator, "late") };
  },
  examples: [
    {
      title: "Payments of a customer in the last minute",
      params: {
        keyBy: ["customer"],
        range: "1m",
        aggregates: [
          { as: "recent_count", fn: "count" },
          { as: "recent_sum", fn: "sum", argument: "amount" },
        ],
      },
      feed: {
        in: [
          { customer: "c1", amount: 10.5, _time: 0 },
          { customer: "c2", amount: 99.5, _time: 30_000 },
          { customer: "c1", amount: 5.25, _time: 59_999 },
          { customer: "c1", amount: 1.25, _time: 60_000 },
        ],
      },
      expect: {
        out: [
          { customer: "c1", amount: 10.5, recent_count: 1, recent_sum: 10.5 },
          { customer: "c2", amount: 99.5, recent_count: 1, recent_sum: 99.5 },
          { customer: "c1", amount: 5.25, recent_count: 2, recent_sum: 15.75 },
          { customer: "c1", amount: 1.25, recent_count: 2, recent_sum: 6.5 },
        ],
        late: [],
      },
    },
    {
      title: "Records of the same time count for each other",
      params: { keyBy: [], range: "10s", aggregates: [{ as: "highest", fn: "max", argument: "load" }] },
      feed: {
        in: [
          { load: 3, _time: 1000 },
          { load: 8, _time: 1000 },
          { load: 5, _time: 500 },
        ],
      },
      expect: {
        out: [
          { load: 3, highest: 8 },
          { load: 8, highest: 8 },
        ],
        late: [{ load: 5 }],
      },
    },
  ],
});
