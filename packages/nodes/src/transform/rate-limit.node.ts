import { defineNode, type OperatorOutput, outputOf, param, type RateLimit } from "@millrace/engine";
import { durationWords } from "../words/duration-words.ts";
import { byKeys } from "../words/key-words.ts";
import { numberWords } from "../words/number-words.ts";

export const rateLimit = defineNode({
  type: "rate-limit",
  version: 1,
  category: "transform",
  label: "Rate limit",
  summary: "Lets so many records of each key through per interval of event time.",
  docs: `Lets the first records of each key and interval go on, up to the *Limit*; all further ones of the interval leave by the port *Over*.

**When to use it.** Before a sink that people read, so that one noisy device cannot drown the others; before a paid or slow service. To find out that something is too frequent, count it in a window and use a **Threshold alert**.

**Intervals.** They follow one another without a gap and are aligned to 1970-01-01 00:00 UTC: with 1 min, the count starts anew on the minute. Around such a boundary up to twice the limit can pass within a short time.

**Event time.** A record counts for the interval that it happened in, not for the one in which it arrives, so that a replay gives the same result. Within an interval the first to *arrive* goes on.

**Late records.** A record whose interval the watermark has passed leaves by the port *Late*: how many went through is forgotten by then.

**Pitfall.** Nothing is held back for later: this node does not smooth a burst, it cuts it. Records at *Over* are gone when nothing is connected there.`,
  icon: "gauge",
  inputs: [{ name: "in" }],
  outputs: [{ name: "out" }, { name: "over", label: "Over" }, { name: "late", label: "Late", side: true }],
  params: param.params({
    keyBy: param.fields({
      label: "Key fields",
      help: "Each value has a limit of its own. An empty list takes the key of the stream, or all records as one when it has none.",
    }),
    limit: param.number({ label: "Limit", default: 100, min: 1, max: 1_000_000_000, integer: true, unit: "records" }),
    interval: param.duration({ label: "Interval", default: "1m", minMs: 1 }),
  }),
  headline: (params) => `${numberWords(params.limit)} in ${durationWords(params.interval)}${byKeys(params.keyBy)}`,
  lower: ({ params, inputs }) => {
    const operator: RateLimit<OperatorOutput> = {
      op: "rate-limit",
      input: inputs.in,
      keyBy: params.keyBy,
      limit: params.limit,
      intervalMs: params.interval,
    };
    return { out: outputOf(operator), over: outputOf(operator, "over"), late: outputOf(operator, "late") };
  },
  examples: [
    {
      title: "Two messages of each device per minute",
      params: { keyBy: ["device"], limit: 2, interval: "1m" },
      feed: {
        in: [
          { device: "d1", n: 1, _time: 1000 },
          { device: "d1", n: 2, _time: 2000 },
          { device: "d1", n: 3, _time: 3000 },
          { device: "d2", n: 4, _time: 4000 },
          { device: "d1", n: 5, _time: 60_000 },
        ],
      },
      expect: {
        out: [
          { device: "d1", n: 1 },
          { device: "d1", n: 2 },
          { device: "d2", n: 4 },
          { device: "d1", n: 5 },
        ],
        over: [{ device: "d1", n: 3 }],
        late: [],
      },
    },
  ],
});
