import { defineNode, param } from "@millrace/engine";
import { durationWords } from "../words/duration-words.ts";
import { byKeys } from "../words/key-words.ts";
import {
  earlyParams,
  lowerWindow,
  refineEarly,
  windowKeyParams,
  windowOutputs,
  windowResultParams,
  windowTimeParams,
} from "./window-params.ts";

export const cumulateWindow = defineNode({
  type: "cumulate-window",
  version: 1,
  category: "window",
  label: "Cumulate window",
  summary: "Aggregates records from the start of a period, step by step: revenue since midnight, every hour.",
  docs: `Computes results from the start of a *period* up to the end of each *step*: "revenue of the day so far, every hour". The first window of a period is one step long, each further one a step longer, and the last one is the whole period. Then it starts again.

**When to use it.** For totals that grow over a day or an hour and are read while they grow. A tumbling window says nothing until the period is over; a hopping window looks back equally far each time and never starts again.

**Boundaries.** Windows are half-open: with a period of 1 hour and a step of 15 minutes, \`[10:00, 10:15)\`, \`[10:00, 10:30)\`, and so on to \`[10:00, 11:00)\`. They are aligned to 1970-01-01 00:00 UTC plus the *Offset*. The period is a whole number of steps.

**When results come.** A window is emitted when the watermark passes its end. As soon as a key has a record in a period, a result comes for every step until the end of it, also for steps without a record, as the total is still true. Before its first record nothing comes; there are no zeros.

**Late records.** A record is *late* only when the period is over. One that comes too late for some steps is counted in the later ones and shows up in the counter *partially late*. *Allowed lateness* keeps windows open for longer; see *Late records within the lateness* for what comes out then.

**Pitfall.** Do not add the results of one period up: each holds all that came before it.`,
  icon: "chart-no-axes-column",
  inputs: [{ name: "in" }],
  outputs: windowOutputs,
  params: param
    .params({
      ...windowKeyParams,
      size: param.duration({ label: "Period", default: "1h", minMs: 1, help: "How long totals grow before they start again." }),
      step: param.duration({ label: "Step", default: "5m", minMs: 1, help: "How often a total comes; it divides the period." }),
      offset: param.duration({ label: "Offset", default: "0s", advanced: true, help: "Shifts the windows; smaller than the period." }),
      ...windowResultParams,
      ...windowTimeParams,
      ...earlyParams,
    })
    .superRefine((value, context) => {
      refineEarly(value, context);
      if (value.size % value.step !== 0) {
        context.addIssue({
          code: "custom",
          path: ["step"],
          message: `The period of ${durationWords(value.size)} is not a whole number of steps of ${durationWords(value.step)}.`,
        });
      }
      if (value.offset >= value.size) {
        context.addIssue({
          code: "custom",
          path: ["offset"],
          message: `The offset of ${durationWords(value.offset)} is not smaller than the period of ${durationWords(value.size)}.`,
        });
      }
    }),
  headline: (params) => `up to ${durationWords(params.size)} in steps of ${durationWords(params.step)}${byKeys(params.keyBy)}`,
  lower: ({ params, inputs }) =>
    lowerWindow(params, inputs.in, { kind: "cumulate", maxSizeMs: params.size, stepMs: params.step, offsetMs: params.offset }),
  examples: [
    {
      title: "The total of three minutes, every minute; an empty step repeats it",
      params: { keyBy: ["shop"], size: "3m", step: "1m", aggregates: [{ as: "revenue", fn: "sum", argument: "amount" }] },
      feed: {
        in: [
          { shop: "north", amount: 10, _time: 0 },
          { shop: "south", amount: 5, _time: 130_000 },
          { shop: "north", amount: 1, _time: 170_000 },
          { shop: "north", amount: 7, _time: 180_000 },
        ],
      },
      expect: {
        out: [
          { shop: "north", window_start: 0, window_end: 60_000, revenue: 10 },
          { shop: "north", window_start: 0, window_end: 120_000, revenue: 10 },
          { shop: "north", window_start: 0, window_end: 180_000, revenue: 11 },
          { shop: "south", window_start: 0, window_end: 180_000, revenue: 5 },
          { shop: "north", window_start: 180_000, window_end: 240_000, revenue: 7 },
          { shop: "north", window_start: 180_000, window_end: 300_000, revenue: 7 },
          { shop: "north", window_start: 180_000, window_end: 360_000, revenue: 7 },
        ],
      },
    },
    {
      title: "Too late for one step, in time for the next",
      params: { keyBy: [], size: "2m", step: "1m" },
      feed: {
        in: [
          { id: 1, _time: 10_000 },
          { id: 2, _time: 70_000 },
          { id: 3, _time: 50_000 },
          { id: 4, _time: 130_000 },
          { id: 5, _time: 60_000 },
        ],
      },
      expect: {
        out: [
          { window_start: 0, window_end: 60_000, count: 1 },
          { window_start: 0, window_end: 120_000, count: 3 },
          { window_start: 120_000, window_end: 180_000, count: 1 },
          { window_start: 120_000, window_end: 240_000, count: 1 },
        ],
        late: [{ id: 5 }],
      },
    },
  ],
});
