import { type CountWindow, defineNode, type OperatorOutput, outputOf, param } from "@millrace/engine";
import { byKeys } from "../words/key-words.ts";
import { numberWords } from "../words/number-words.ts";
import { aggregateSpecs, windowFunctions } from "./window-params.ts";

export const countWindow = defineNode({
  type: "count-window",
  version: 1,
  category: "window",
  label: "Count window",
  summary: "Aggregates every so many records of a key, however long they take to come.",
  docs: `Computes results over a fixed *number* of records instead of a stretch of time: the mean of every 100 measurements, the last 10 payments of a card with every further one.

**When to use it.** When records come at an uneven pace and every result is to rest on equally many. For a rate, or for anything that people read against a clock, use windows of time.

**Tumbling and sliding.** With a *Slide* as large as the *Size* each record is in one window. With a smaller one a new window begins every *Slide* records, and a record is in several: size 10 and slide 1 is a look back over ten records. The first result of a key comes when it has *Size* records.

**What comes out.** The key fields, \`window_id\` (0, 1, 2 … for each key), the results. Records count in the order in which they come; event time decides nothing, and nothing is late. The row has the latest event time of its records.

**Incomplete windows** never come out while the pipeline runs. With *Incomplete ones at the end* those come that the end of the input, or a stop with drain, finds begun.

**Pitfall.** Records that come in another order give other windows: behind sources with disorder the same input may give other results. And a key with few records waits for ever: a *Time to live* forgets it, with its records.`,
  icon: "list-ordered",
  inputs: [{ name: "in" }],
  outputs: [{ name: "out" }],
  params: param
    .params({
      keyBy: param.fields({
        label: "Key fields",
        help: "Each value has windows of its own. An empty list takes the key of the stream, or all records as one group when it has none.",
      }),
      size: param.number({ label: "Size", default: 100, min: 1, max: 10_000, integer: true, unit: "records" }),
      slide: param.number({
        label: "Slide",
        default: 100,
        min: 1,
        max: 10_000,
        integer: true,
        unit: "records",
        help: "How many records after one window the next begins; not more than the size.",
      }),
      aggregates: param.aggregates({
        label: "Results",
        functions: windowFunctions,
        default: [{ as: "count", fn: "count" }],
        help: "What is computed over the records of a window. NULLs are ignored; count without a field counts records.",
      }),
      incomplete: param.toggle({
        label: "Incomplete ones at the end",
        default: false,
        advanced: true,
        help: "What the end of the input finds begun comes out.",
      }),
      ttl: param.optionalDuration({
        label: "Time to live",
        minMs: 1,
        advanced: true,
        help: "A key is forgotten this long after its latest record (event time). Empty: never.",
      }),
    })
    .superRefine((value, context) => {
      if (value.slide <= value.size) return;
      context.addIssue({
        code: "custom",
        path: ["slide"],
        message: `The slide of ${numberWords(value.slide)} records is more than the size of ${numberWords(value.size)}, so some records would be in no window.`,
      });
    }),
  headline: (params) =>
    `${numberWords(params.size)} records${params.slide === params.size ? "" : ` every ${numberWords(params.slide)}`}${byKeys(params.keyBy)}`,
  lower: ({ params, inputs }) => {
    const operator: CountWindow<string, OperatorOutput> = {
      op: "count-window",
      input: inputs.in,
      keyBy: params.keyBy,
      size: params.size,
      slide: params.slide,
      aggregates: aggregateSpecs(params.aggregates),
      incomplete: params.incomplete,
      ttlMs: params.ttl,
    };
    return { out: outputOf(operator) };
  },
  examples: [
    {
      title: "The mean of every two measurements of a sensor; a third one waits",
      params: { keyBy: ["sensor"], size: 2, slide: 2, aggregates: [{ as: "mean", fn: "avg", argument: "value" }] },
      feed: {
        in: [
          { sensor: "s1", value: 1 },
          { sensor: "s2", value: 5 },
          { sensor: "s1", value: 2 },
          { sensor: "s1", value: 9 },
        ],
      },
      expect: { out: [{ sensor: "s1", window_id: 0, mean: 1.5 }] },
    },
    {
      title: "The last three values with each further one, and what is begun at the end",
      params: { keyBy: [], size: 3, slide: 1, incomplete: true, aggregates: [{ as: "total", fn: "sum", argument: "value" }] },
      feed: { in: [{ value: 1 }, { value: 2 }, { value: 3 }, { value: 4 }] },
      expect: {
        out: [
          { window_id: 0, total: 6 },
          { window_id: 1, total: 9 },
          { window_id: 2, total: 7 },
          { window_id: 3, total: 4 },
        ],
      },
    },
  ],
});
