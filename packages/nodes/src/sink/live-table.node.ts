import { defineNode, param } from "@millrace/engine";
import { numberWords } from "../words/number-words.ts";
import { jsonSink, sinkInputs } from "./sink-input.ts";

export const liveTable = defineNode({
  type: "live-table",
  version: 1,
  category: "sink",
  label: "Live table",
  summary: "Shows the newest rows in the product, live.",
  delivery: { exactlyOnce: true, immediate: true },
  docs: `Keeps the newest rows and shows them while the pipeline runs, with new rows appearing about once a second.

**When to use it.** To see what a stream really holds, to watch results without any other system, and while a pipeline is being built.

**Exactly once.** Rows are added with the checkpoint that they belong to; after a crash none is missing and none is there twice.

**Pitfall.** It is a window onto the stream, not an archive: when *Rows to keep* is reached, the oldest rows go. Rows of an updating window are shown as they come, one row for each update. Put a **File** sink beside it for what must be kept.`,
  icon: "table-2",
  inputs: sinkInputs,
  outputs: [],
  params: param.params({
    keepRows: param.number({ label: "Rows to keep", default: 1000, min: 1, max: 10_000, integer: true }),
  }),
  headline: (params) => (params.keepRows === 1 ? "last row" : `last ${numberWords(params.keepRows)} rows`),
  lower: ({ params, inputs }) => jsonSink("live-table", { keepRows: params.keepRows }, inputs.in),
  examples: [
    {
      title: "The rows as they come",
      params: { keepRows: 100 },
      feed: { in: [{ service: "cart", errors: 120 }] },
      expect: { sink: [{ service: "cart", errors: 120 }] },
    },
  ],
});
