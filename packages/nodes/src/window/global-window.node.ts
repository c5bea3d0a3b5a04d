import { defineNode, type OperatorOutput, outputOf, param, type RunningAggregate } from "@millrace/engine";
import { durationWords } from "../words/duration-words.ts";
import { byKeys } from "../words/key-words.ts";
import { numberWords } from "../words/number-words.ts";
import { aggregateSpecs, windowFunctions } from "./window-params.ts";

export const globalWindow = defineNode({
  type: "global-window",
  version: 1,
  category: "window",
  label: "Global window",
  summary: "One window that never closes; a trigger decides when results come, and whether it begins anew.",
  docs: `Keeps all records of a key in one window without an end. A *trigger* decides when its result comes: after every so many records of a key, or after every interval of time for all keys that have changed.

**When to use it.** For results that come at a pace of their own: a running total every ten seconds rather than with every record, or one result for every hundred measurements of a sensor with what is left over at the end. With *Purge* each result holds what came since the last one, and the window begins anew.

**Intervals.** They are whole multiples of *Every* since 1970-01-01 00:00 UTC. In *event time* a result comes when the watermark has passed the next one; in *processing time* when the clock has. A key without a change says nothing.

**What comes out.** Of a window that keeps its records, each row replaces the one before it under the same key (*Updates*), takes it back first (*Retractions*), or stands beside it (*Rows of their own*). Of a window that is purged, every row stands on its own. What has not been said at the end of the input is said then.

**Pitfall.** In processing time results depend on the moment at which records come: a run again gives other rows. And every key is kept for ever unless there is a *Time to live*.`,
  icon: "infinity",
  inputs: [{ name: "in" }],
  outputs: [{ name: "out" }],
  params: param.params({
    keyBy: param.fields({
      label: "Key fields",
      help: "One window for each value. An empty list takes the key of the stream, or all records as one group when it has none.",
    }),
    trigger: param.choice({
      label: "Results come",
      default: "records",
      options: [
        { value: "records", label: "Every so many records" },
        { value: "event-time", label: "Every interval of event time" },
        { value: "processing-time", label: "Every interval of processing time" },
      ],
    }),
    records: param.number({
      label: "Every … records",
      default: 100,
      min: 1,
      max: 1_000_000_000,
      integer: true,
      visibleWhen: { param: "trigger", equals: ["records"] },
      help: "Of one key.",
    }),
    every: param.duration({
      label: "Every",
      default: "10s",
      minMs: 1,
      visibleWhen: { param: "trigger", equals: ["event-time", "processing-time"] },
    }),
    aggregates: param.aggregates({
      label: "Results",
      functions: windowFunctions,
      default: [{ as: "count", fn: "count" }],
      help: "What is computed over the records of the window. NULLs are ignored; count without a field counts records.",
    }),
    purge: param.toggle({ label: "Purge", default: false, help: "The window begins anew after each result." }),
    output: param.choice({
      label: "Results come as",
      default: "update",
      visibleWhen: { param: "purge", equals: [false] },
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
  headline: (params) =>
    `every ${params.trigger === "records" ? `${numberWords(params.records)} records` : durationWords(params.every)}${byKeys(params.keyBy)}`,
  lower: ({ params, inputs }) => {
    const operator: RunningAggregate<string, OperatorOutput> = {
      op: "running-aggregate",
      input: inputs.in,
      keyBy: params.keyBy,
      aggregates: aggregateSpecs(params.aggregates),
      trigger: params.trigger === "records" ? { kind: "records", every: params.records } : { kind: params.trigger, everyMs: params.every },
      panes: params.purge ? "discarding" : "accumulating",
      ttlMs: params.ttl,
      output: params.purge ? "append" : params.output,
    };
    return { out: outputOf(operator) };
  },
  examples: [
    {
      title: "A mean of every three measurements, and of what is left at the end",
      params: { keyBy: ["sensor"], records: 3, purge: true, aggregates: [{ as: "mean", fn: "avg", argument: "value" }] },
      feed: {
        in: [
          { sensor: "s1", value: 1 },
          { sensor: "s1", value: 2 },
          { sensor: "s1", value: 6 },
          { sensor: "s1", value: 8 },
        ],
      },
      expect: {
        out: [
          { sensor: "s1", mean: 3 },
          { sensor: "s1", mean: 8 },
        ],
      },
    },
    {
      title: "Totals so far, every minute of event time",
      params: { keyBy: ["shop"], trigger: "event-time", every: "1m", aggregates: [{ as: "orders", fn: "count" }] },
      feed: {
        in: [
          { shop: "north", _time: 10_000 },
          { shop: "north", _time: 20_000 },
          { shop: "south", _time: 70_000 },
          { shop: "north", _time: 130_000 },
        ],
      },
      expect: {
        out: [
          { _op: "+I", shop: "north", orders: 3 },
          { _op: "+I", shop: "south", orders: 1 },
        ],
      },
    },
  ],
});
