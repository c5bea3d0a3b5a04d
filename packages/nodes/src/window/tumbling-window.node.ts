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

export const tumblingWindow = defineNode({
  type: "tumbling-window",
  version: 1,
  category: "window",
  label: "Tumbling window",
  summary: "Aggregates records in windows of fixed size that follow one another without overlap.",
  docs: `Cuts event time into windows of one size and computes results over each: counts per five minutes, revenue per hour. Every record belongs to exactly one window.

**Boundaries.** Windows are half-open: a window of 5 minutes holds 10:00:00.000 up to, but not including, 10:05:00.000. They are aligned to 1970-01-01 00:00 UTC, so hourly windows begin on the hour in UTC; *Offset* shifts them.

**Days, weeks and months.** A size of one day means 24 hours in UTC. With *Length* set to a day, a week or a month, windows follow the calendar of a *Time zone* instead: a day begins at the first instant of its date there, so that the day on which clocks are set forward has 23 hours, and the one on which they are set back 25. Weeks begin on Monday. *Size* and *Offset* are not used then.

**When results come.** A window is emitted when the watermark passes its end, that is when no earlier record is expected any more. A window without a single record emits nothing; it does not emit zero. The result carries the key fields, \`window_start\`, \`window_end\` and your results, and its event time is the last millisecond of the window.

**Late records.** A record whose window is closed leaves by the port *Late*. *Allowed lateness* keeps windows open for longer: with *Wait, then emit once* all results come that much later; with updates the first result comes on time and late records correct it, so that what follows must be able to replace rows.

**Pitfall.** Sixty errors before 10:05 and sixty after it are two windows of sixty: a burst that lies across a boundary never reaches a threshold of 100. For alerts use a **Hopping window**.`,
  icon: "columns-3",
  inputs: [{ name: "in" }],
  outputs: windowOutputs,
  params: param
    .params({
      ...windowKeyParams,
      unit: param.choice({
        label: "Length",
        default: "duration",
        advanced: true,
        options: [
          { value: "duration", label: "Size", help: "All windows are equally long." },
          { value: "day", label: "Calendar day" },
          { value: "week", label: "Calendar week", help: "Monday to Sunday, as in ISO 8601." },
          { value: "month", label: "Calendar month" },
        ],
      }),
      zone: param.text({
        label: "Time zone",
        default: "UTC",
        maxLength: 64,
        placeholder: "Europe/Berlin",
        advanced: true,
        help: "IANA name; for days, weeks and months.",
      }),
      size: param.duration({ label: "Size", default: "5m", minMs: 1 }),
      offset: param.duration({ label: "Offset", default: "0s", advanced: true, help: "Shifts the windows; smaller than the size." }),
      ...windowResultParams,
      ...windowTimeParams,
      ...earlyParams,
    })
    .superRefine((value, context) => {
      refineEarly(value, context);
      if (value.unit !== "duration" || value.offset < value.size) return;
      context.addIssue({
        code: "custom",
        path: ["offset"],
        message: `The offset of ${durationWords(value.offset)} is not smaller than the size of ${durationWords(value.size)}.`,
      });
    }),
  headline: (params) =>
    params.unit === "duration"
      ? `${durationWords(params.size)} tumbling${byKeys(params.keyBy)}`
      : `${params.unit} in ${params.zone}${byKeys(params.keyBy)}`,
  lower: ({ params, inputs }) =>
    lowerWindow(
      params,
      inputs.in,
      params.unit === "duration"
        ? { kind: "tumbling", sizeMs: params.size, offsetMs: params.offset }
        : { kind: "calendar", unit: params.unit, zone: params.zone },
    ),
  examples: [
    {
      title: "Count per minute; the end of a window is not in it",
      params: { keyBy: ["service"], size: "1m", aggregates: [{ as: "requests", fn: "count" }] },
      feed: {
        in: [
          { service: "cart", _time: 0 },
          { service: "cart", _time: 59_999 },
          { service: "cart", _time: 60_000 },
          { service: "search", _time: 61_000 },
        ],
      },
      expect: {
        out: [
          { service: "cart", window_start: 0, window_end: 60_000, requests: 2 },
          { service: "cart", window_start: 60_000, window_end: 120_000, requests: 1 },
          { service: "search", window_start: 60_000, window_end: 120_000, requests: 1 },
        ],
        late: [],
      },
    },
    {
      title: "Several results, one of them over some of the records",
      params: {
        keyBy: [],
        size: "10s",
        aggregates: [
          { as: "total", fn: "sum", argument: "amount" },
          { as: "largest", fn: "max", argument: "amount" },
          { as: "refunds", fn: "count", filter: "amount < 0" },
        ],
      },
      feed: {
        in: [
          { amount: 12.5, _time: 1000 },
          { amount: -2.5, _time: 2000 },
          { amount: null, _time: 3000 },
        ],
      },
      expect: { out: [{ window_start: 0, window_end: 10_000, total: 10, largest: 12.5, refunds: 1 }] },
    },
    {
      title: "Calendar days of a zone: clocks in Berlin are set forward on 29 March 2026, so that day has 23 hours",
      params: { keyBy: [], unit: "day", zone: "Europe/Berlin" },
      feed: {
        in: [
          { id: 1, _time: 1_774_738_800_000 },
          { id: 2, _time: 1_774_821_599_999 },
          { id: 3, _time: 1_774_821_600_000 },
        ],
      },
      expect: {
        out: [
          { window_start: 1_774_738_800_000, window_end: 1_774_821_600_000, count: 2 },
          { window_start: 1_774_821_600_000, window_end: 1_774_908_000_000, count: 1 },
        ],
      },
    },
    {
      title: "A record whose window is closed is late",
      params: { keyBy: [], size: "1m" },
      feed: {
        in: [
          { id: 1, _time: 30_000 },
          { id: 2, _time: 61_000 },
          { id: 3, _time: 59_000 },
        ],
      },
      expect: {
        out: [
          { window_start: 0, window_end: 60_000, count: 1 },
          { window_start: 60_000, window_end: 120_000, count: 1 },
        ],
        late: [{ id: 3 }],
      },
    },
    {
      title: "A result for every record, the last of which stands",
      params: { keyBy: ["shop"], size: "1m", output: "update", early: "records", earlyRecords: 1 },
      feed: {
        in: [
          { shop: "north", _time: 0 },
          { shop: "north", _time: 30_000 },
          { shop: "north", _time: 60_000 },
        ],
      },
      expect: {
        out: [
          { _op: "+I", shop: "north", window_start: 0, window_end: 60_000, count: 1 },
          { _op: "+U", shop: "north", window_start: 0, window_end: 60_000, count: 2 },
          { _op: "+I", shop: "north", window_start: 60_000, window_end: 120_000, count: 1 },
        ],
      },
    },
    {
      title: "What is new with every two records, for what adds it up",
      params: { keyBy: [], size: "1m", panes: "discarding", early: "records", earlyRecords: 2 },
      feed: {
        in: [
          { id: 1, _time: 0 },
          { id: 2, _time: 10_000 },
          { id: 3, _time: 25_000 },
          { id: 4, _time: 55_000 },
          { id: 5, _time: 60_000 },
        ],
      },
      expect: {
        out: [
          { window_start: 0, window_end: 60_000, count: 2 },
          { window_start: 0, window_end: 60_000, count: 2 },
          { window_start: 60_000, window_end: 120_000, count: 1 },
        ],
      },
    },
  ],
});
