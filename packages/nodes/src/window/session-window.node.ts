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

export const sessionWindow = defineNode({
  type: "session-window",
  version: 1,
  category: "window",
  label: "Session window",
  summary: "Aggregates records that follow one another closely: visits, shifts, bursts of activity.",
  docs: `Puts records of one key into a *session* for as long as they follow one another closely. A session ends when nothing has come for the *gap*: visits of a web site, trips of a vehicle, bursts of messages.

**Boundaries.** Two records of one key are in the same session when they are at most the gap apart; a distance of exactly the gap still counts. \`window_start\` is the time of the first record, \`window_end\` that of the last one plus the gap. \`last_event_time\` is the time of the last record, and \`duration\` the time from the first to the last: how long the visit took. A session of a single record has a duration of zero.

**When results come.** A session comes out when the watermark reaches \`window_end\`. Its event time is one millisecond before that. Results come in the order of their ends.

**Records out of order.** A record may fall between two sessions and make them one. Whether a record is late is decided for the session that it would be in: one that comes after the watermark has passed it is still taken when its session is open. One whose session is closed leaves by the port *Late*. *Allowed lateness* keeps sessions for longer; with updates, a late record that prolongs or joins sessions which have come out already deletes their rows, and the new session comes out instead.

**Maximum duration.** A bot or a sensor that never pauses makes a session that never ends. With a maximum, a record that comes that long after the first of its session begins a new one.

**Pitfall.** \`window_end\` minus \`window_start\` is not the length of a visit: it holds the gap as well. Use \`duration\`. And without key fields all records are in one session, which is rarely what is meant.`,
  icon: "timer",
  inputs: [{ name: "in" }],
  outputs: windowOutputs,
  params: param
    .params({
      ...windowKeyParams,
      gap: param.duration({ label: "Gap", default: "30m", minMs: 1, help: "A session ends when nothing has come for this long." }),
      maxDuration: param.optionalDuration({
        label: "Maximum duration",
        minMs: 1,
        advanced: true,
        help: "A record this long after the first of a session begins a new one. Empty: no limit.",
      }),
      ...windowResultParams,
      ...windowTimeParams,
      ...earlyParams,
    })
    .superRefine((value, context) => refineEarly(value, context, true)),
  headline: (params) => `${durationWords(params.gap)} gap sessions${byKeys(params.keyBy)}`,
  lower: ({ params, inputs }) => lowerWindow(params, inputs.in, { kind: "session", gapMs: params.gap, maxDurationMs: params.maxDuration }),
  examples: [
    {
      title: "Two visits; a pause of exactly the gap does not end one",
      params: { keyBy: ["visitor"], gap: "1m", aggregates: [{ as: "pages", fn: "count" }] },
      feed: {
        in: [
          { visitor: "ann", _time: 0 },
          { visitor: "ann", _time: 60_000 },
          { visitor: "ben", _time: 70_000 },
          { visitor: "ann", _time: 120_001 },
        ],
      },
      expect: {
        out: [
          { visitor: "ann", window_start: 0, window_end: 120_000, last_event_time: 60_000, duration: 60_000, pages: 2 },
          { visitor: "ben", window_start: 70_000, window_end: 130_000, last_event_time: 70_000, duration: 0, pages: 1 },
          { visitor: "ann", window_start: 120_001, window_end: 180_001, last_event_time: 120_001, duration: 0, pages: 1 },
        ],
        late: [],
      },
    },
    {
      title: "A maximum duration cuts a visit that never pauses",
      params: { keyBy: [], gap: "1m", maxDuration: "1m" },
      feed: {
        in: [
          { id: 1, _time: 0 },
          { id: 2, _time: 30_000 },
          { id: 3, _time: 59_999 },
          { id: 4, _time: 60_000 },
        ],
      },
      expect: {
        out: [
          { window_start: 0, window_end: 119_999, last_event_time: 59_999, duration: 59_999, count: 3 },
          { window_start: 60_000, window_end: 120_000, last_event_time: 60_000, duration: 0, count: 1 },
        ],
      },
    },
    {
      title: "A record whose session is closed is late",
      params: { keyBy: ["id"], gap: "10s" },
      feed: {
        in: [
          { id: 1, _time: 10_000 },
          { id: 1, _time: 60_000 },
          { id: 1, _time: 15_000 },
        ],
      },
      expect: {
        out: [
          { id: 1, window_start: 10_000, window_end: 20_000, last_event_time: 10_000, duration: 0, count: 1 },
          { id: 1, window_start: 60_000, window_end: 70_000, last_event_time: 60_000, duration: 0, count: 1 },
        ],
        late: [{ id: 1 }],
      },
    },
  ],
});
