import { defineNode, type OperatorOutput, outputOf, param, type TopN } from "@millrace/engine";
import { durationWords } from "../words/duration-words.ts";
import { byKeys } from "../words/key-words.ts";
import { windowOutputs } from "./window-params.ts";

export const topN = defineNode({
  type: "top-n",
  version: 1,
  category: "window",
  label: "Top N",
  summary: "Ranks the records of each window and keeps the first few.",
  docs: `Ranks records by a value in windows of one size and keeps the first few: the three services with the most errors per minute, the five dearest orders of each country per hour.

**When to use it.** Directly on records, or behind a window that has counted them: put this node's *Size* to the slide of that window, its *Key fields* to \`window_end\`, and rank by the count. With empty key fields each value that the window counted would be ranked alone.

**What comes out.** \`window_start\`, \`window_end\` and \`rank\`, from 1, then the fields of the record. Fields of these names that come in are replaced, so that results of a window before it do not get in the way. The event time of a row is the last millisecond of its window.

**Ties.** Of equal values, the first to arrive is ranked first; there is never more than one record of a rank. With *Keep ties* equal values share a rank, and all records that are as good as the last come out, so that there may be more than you asked for: of one, all with the largest value. NULL comes last in both directions.

**When results come.** At the end of the window, once and for all; or at once, as updates: each time a record takes a rank, the rows of this and of the ranks behind it come out again, and what follows must be able to replace rows by key, window and rank. A record whose window is closed leaves by the port *Late*.

**Pitfall.** Windows are aligned and do not overlap, as those of a **Tumbling window**. When windows of different ends come in, those that end within the *Size* are ranked together.`,
  icon: "trophy",
  inputs: [{ name: "in" }],
  outputs: windowOutputs,
  params: param
    .params({
      keyBy: param.fields({
        label: "Key fields",
        help: "A ranking for each value. An empty list takes the key of the stream, or ranks all records together when it has none.",
        default: [],
      }),
      by: param.expression({ label: "Rank by", help: "A number or a time, for example errors, or price * quantity." }),
      order: param.choice({
        label: "First is",
        default: "descending",
        options: [
          { value: "descending", label: "the largest" },
          { value: "ascending", label: "the smallest" },
        ],
      }),
      limit: param.number({ label: "How many", default: 3, min: 1, max: 1000, integer: true }),
      size: param.duration({ label: "Size", default: "1m", minMs: 1, help: "How long a window is." }),
      offset: param.duration({ label: "Offset", default: "0s", advanced: true, help: "Shifts the windows; smaller than the size." }),
      output: param.choice({
        label: "Results",
        default: "append",
        options: [
          { value: "append", label: "At the end of the window" },
          { value: "update", label: "At once, as updates" },
        ],
      }),
      ties: param.toggle({
        label: "Keep ties",
        default: false,
        advanced: true,
        help: "All records that are as good as the last come out too, and equal values share a rank. Only at the end of the window.",
      }),
    })
    .superRefine((value, context) => {
      if (value.ties && value.output === "update") {
        const message = "Ties are kept only at the end of the window: an update names its row by the rank, which ties share.";
        context.addIssue({ code: "custom", path: ["ties"], message });
      }
      if (value.offset < value.size) return;
      context.addIssue({
        code: "custom",
        path: ["offset"],
        message: `The offset of ${durationWords(value.offset)} is not smaller than the size of ${durationWords(value.size)}.`,
      });
    }),
  headline: (params) =>
    `${params.order === "descending" ? "largest" : "smallest"} ${params.limit} by ${params.by.slice(0, 24)} in ${durationWords(params.size)}${byKeys(params.keyBy)}`,
  lower: ({ params, inputs }) => {
    const operator: TopN<string, OperatorOutput> = {
      op: "top-n",
      input: inputs.in,
      keyBy: params.keyBy,
      by: params.by,
      order: params.order,
      limit: params.limit,
      sizeMs: params.size,
      offsetMs: params.offset,
      output: params.output,
      ...(params.ties ? { ties: "keep" } : {}),
    };
    return { out: outputOf(operator), late: outputOf(operator, "late") };
  },
  examples: [
    {
      title: "The two dearest orders of each minute",
      params: { by: "price * quantity", limit: 2, size: "1m" },
      feed: {
        in: [
          { order: 1, price: 10, quantity: 1, _time: 1000 },
          { order: 2, price: 3, quantity: 5, _time: 2000 },
          { order: 3, price: 10, quantity: 1, _time: 3000 },
          { order: 4, price: 1, quantity: 1, _time: 61_000 },
        ],
      },
      expect: {
        out: [
          { window_start: 0, window_end: 60_000, rank: 1, order: 2, price: 3, quantity: 5 },
          { window_start: 0, window_end: 60_000, rank: 2, order: 1, price: 10, quantity: 1 },
          { window_start: 60_000, window_end: 120_000, rank: 1, order: 4, price: 1, quantity: 1 },
        ],
        late: [],
      },
    },
    {
      title: "All that are as dear as the dearest",
      params: { by: "price", limit: 1, size: "1m", ties: true },
      feed: {
        in: [
          { order: 1, price: 10, _time: 1000 },
          { order: 2, price: 15, _time: 2000 },
          { order: 3, price: 15, _time: 3000 },
        ],
      },
      expect: {
        out: [
          { window_start: 0, window_end: 60_000, rank: 1, order: 2, price: 15 },
          { window_start: 0, window_end: 60_000, rank: 1, order: 3, price: 15 },
        ],
      },
    },
    {
      title: "The fastest request of each service",
      params: { keyBy: ["service"], by: "ms", order: "ascending", limit: 1, size: "10s" },
      feed: {
        in: [
          { service: "cart", ms: 30, _time: 1000 },
          { service: "cart", ms: 12, _time: 2000 },
          { service: "search", ms: null, _time: 2000 },
        ],
      },
      expect: {
        out: [
          { window_start: 0, window_end: 10_000, rank: 1, service: "cart", ms: 12 },
          { window_start: 0, window_end: 10_000, rank: 1, service: "search", ms: null },
        ],
      },
    },
  ],
});
