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

export const hoppingWindow = defineNode({
  type: "hopping-window",
  version: 1,
  category: "window",
  label: "Hopping window",
  summary: "Aggregates records in overlapping windows: the last 5 minutes, every minute.",
  docs: `Computes results over windows of one *size* of which a new one begins every *slide*: "the last 5 minutes, every minute". A record belongs to as many windows as the slide goes into the size.

**When to use it.** For alerts and for curves that should move smoothly. A tumbling window can miss a burst that lies across one of its boundaries; a hopping one misses it only when the burst is longer than size minus slide. The finer the slide, the sooner and the more exactly a threshold is seen, and the more rows come out.

**Boundaries.** Windows are half-open: \`[10:00, 10:05)\`, then \`[10:01, 10:06)\`. Their beginnings are aligned to 1970-01-01 00:00 UTC plus the *Offset*. The cost of a record does not grow with the overlap: windows share the parts that they have in common.

**When results come.** A window is emitted when the watermark passes its end. A window without a single record emits nothing; it does not emit zero. The first windows after the start of a stream are partly before its first record, and so hold less than a whole window would.

**Late records.** A record is *late* only when every one of its windows is closed. One that comes in time for some of its windows is counted in those and shows up in the counter *partially late*. *Allowed lateness* keeps windows open for longer; see *Late records within the lateness* for what comes out then.

**Pitfall.** Do not add the results of overlapping windows up: a record is in several of them.`,
  icon: "layers-2",
  inputs: [{ name: "in" }],
  outputs: windowOutputs,
  params: param
    .params({
      ...windowKeyParams,
      size: param.duration({ label: "Size", default: "5m", minMs: 1, help: "How far a window reaches back." }),
      slide: param.duration({ label: "Slide", default: "1m", minMs: 1, help: "How often a window ends; not longer than the size." }),
      offset: param.duration({ label: "Offset", default: "0s", advanced: true, help: "Shifts the windows; smaller than the size." }),
      ...windowResultParams,
      ...windowTimeParams,
      ...earlyParams,
    })
    .superRefine((value, context) => {
      refineEarly(value, context);
      if (value.slide > value.size) {
        context.addIssue({
          code: "custom",
          path: ["slide"],
          message: `The slide of ${durationWords(value.slide)} is longer than the size of ${durationWords(value.size)}, so some records would be in no window.`,
        });
      }
      if (value.offset >= value.size) {
        context.addIssue({
          code: "custom",
          path: ["offset"],
          message: `The offset of ${durationWords(value.offset)} is not smaller than the size of ${durationWords(value.size)}.`,
        });
      }
    }),
  headline: (params) => `${durationWords(params.size)} every ${durationWords(params.slide)}${byKeys(params.keyBy)}`,
  lower: ({ params, inputs }) =>
    lowerWindow(params, inputs.in, { kind: "hopping", sizeMs: params.size, slideMs: params.slide, offsetMs: params.offset }),
  examples: [
    {
      title: "A burst across a boundary is seen whole",
      params: { keyBy: ["service"], size: "2m", slide: "1m", aggregates: [{ as: "errors", fn: "count" }] },
      feed: {
        in: [
          { service: "cart", _time: 110_000 },
          { service: "cart", _time: 119_999 },
          { service: "cart", _time: 120_000 },
        ],
      },
      expect: {
        out: [
          { service: "cart", window_start: 0, window_end: 120_000, errors: 2 },
          { service: "cart", window_start: 60_000, window_end: 180_000, errors: 3 },
          { service: "cart", window_start: 120_000, window_end: 240_000, errors: 1 },
        ],
      },
    },
    {
      title: "Late for one of its windows, in time for the other",
      params: { keyBy: [], size: "2m", slide: "1m" },
      feed: {
        in: [
          { id: 1, _time: 60_000 },
          { id: 2, _time: 121_000 },
          { id: 3, _time: 90_000 },
          { id: 4, _time: 30_000 },
        ],
      },
      expect: {
        out: [
          { window_start: 0, window_end: 120_000, count: 1 },
          { window_start: 60_000, window_end: 180_000, count: 3 },
          { window_start: 120_000, window_end: 240_000, count: 1 },
        ],
        late: [{ id: 4 }],
      },
    },
  ],
});
