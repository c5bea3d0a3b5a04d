import { defineNode, type IntervalJoin, type OperatorOutput, outputOf, param } from "@millrace/engine";
import { durationWords } from "../words/duration-words.ts";
import { checkJoin, joinConditionOf, joinInputs, joinKeyParams, joinKeyWords, joinNameParams } from "./join-params.ts";

export const intervalJoin = defineNode({
  type: "interval-join",
  version: 1,
  category: "join",
  label: "Interval join",
  summary: "Joins records of two streams that belong together and happen close to each other in time.",
  docs: `Joins every left record with every right record that has the same key and lies in an interval of time around it: an order with the payments up to 10 minutes after it, an error with the log lines of the 5 seconds before it. Both ends of the interval are in it.

**When to use it.** When both sides are events and you know how far apart they may be. To look up what was known *at the time of* a record, use the **As-of join**; to compare what happened in the same minute on both sides, the **Window join**.

**What comes out.** The fields of the left, then those of the right; a right field whose name the left has too gets the prefix. The event time of a pair is the later of the two. A record with several partners comes out several times.

**Records without a partner.** An inner join drops them. The others let them out once, with NULLs for the other side, when no partner can come any more: a left record when the watermark passes it by the end of the interval, one with NULL in its key at once. So that they are not late for what follows, such a join holds the watermark back by that time, and windows behind it close that much later. With *At once* a record comes out alone as soon as it finds no partner on arrival; the watermark is not held back, and the pairs follow when partners come, so that what reads the result must live with both.

**Late records.** A record at or behind the watermark of both sides together leaves by the port *Late left* or *Late right* and is joined with nothing. With *Allowed lateness*, one that is late by less still meets what is kept, and without a partner comes out at once where its side comes out alone; it may then meet a record that was said to be alone. Records are kept, and the watermark is held back, for as much longer. **NULL** in a key is equal to nothing, not even to NULL, unless *NULL equals NULL* is on.

**Pitfall.** Whole records of both sides are kept for the length of the interval plus the disorder. Drop fields that you do not need in a **Map fields** before the join, and remember that a side which falls silent stops the watermark of both: give its source an idle timeout.`,
  icon: "combine",
  inputs: joinInputs,
  outputs: [
    { name: "out" },
    { name: "late_left", label: "Late left", side: true },
    { name: "late_right", label: "Late right", side: true },
  ],
  params: param
    .params({
      ...joinKeyParams,
      kind: param.choice({
        label: "Records without a partner",
        default: "inner",
        options: [
          { value: "inner", label: "Drop", help: "Inner join." },
          { value: "left", label: "Keep those of the left", help: "Left outer join." },
          { value: "right", label: "Keep those of the right", help: "Right outer join." },
          { value: "full", label: "Keep those of both", help: "Full outer join." },
        ],
      }),
      from: param.optionalDuration({ label: "Right record from", help: "Where the interval begins, seen from the left record." }),
      fromSide: param.choice({
        label: "From is",
        default: "before",
        options: [
          { value: "before", label: "before the left record" },
          { value: "after", label: "after the left record" },
        ],
      }),
      to: param.optionalDuration({ label: "Right record to", help: "Where the interval ends, seen from the left record." }),
      toSide: param.choice({
        label: "To is",
        default: "after",
        options: [
          { value: "before", label: "before the left record" },
          { value: "after", label: "after the left record" },
        ],
      }),
      unmatched: param.choice({
        label: "They come out",
        default: "closed",
        options: [
          { value: "closed", label: "when no partner can come any more" },
          { value: "at-once", label: "at once", help: "Pairs follow all the same when a partner comes; nothing is taken back." },
        ],
        visibleWhen: { param: "kind", equals: ["left", "right", "full"] },
      }),
      lateness: param.duration({
        label: "Allowed lateness",
        default: "0s",
        advanced: true,
        help: "How late a record may be and still meet what is kept, which is kept for as much longer.",
      }),
      ...joinNameParams,
    })
    .superRefine(checkJoin),
  headline: (params) => `${joinKeyWords(params)}, ${intervalWords(bound(params.from, params.fromSide), bound(params.to, params.toSide))}`,
  lower: ({ params, inputs }) => {
    const operator: IntervalJoin<OperatorOutput> = {
      op: "interval-join",
      kind: params.kind,
      left: inputs.left,
      right: inputs.right,
      ...joinConditionOf(params),
      lowerMs: bound(params.from, params.fromSide),
      upperMs: bound(params.to, params.toSide),
      unmatched: params.unmatched,
      latenessMs: params.lateness,
    };
    return { out: outputOf(operator), late_left: outputOf(operator, "late_left"), late_right: outputOf(operator, "late_right") };
  },
  examples: [
    {
      title: "Payments up to a minute after the order, the whole minute included",
      params: { leftKeys: ["order"], rightKeys: ["order"], from: "0s", to: "1m" },
      feed: {
        left: [
          { order: 7, item: "lamp", _time: 100_000 },
          { order: 8, item: "desk", _time: 110_000 },
        ],
        right: [
          { order: 7, amount: 20, _time: 99_999 },
          { order: 7, amount: 5, _time: 120_000 },
          { order: 7, amount: 15, _time: 160_000 },
          { order: 8, amount: 90, _time: 170_001 },
        ],
      },
      expect: {
        out: [
          { order: 7, item: "lamp", right_order: 7, amount: 5 },
          { order: 7, item: "lamp", right_order: 7, amount: 15 },
        ],
      },
    },
    {
      title: "Orders that nobody paid for come out with NULLs",
      params: { leftKeys: ["order"], rightKeys: ["reference"], kind: "left", from: "0s", to: "1m" },
      feed: {
        left: [
          { order: "a", _time: 1000 },
          { order: "b", _time: 2000 },
          { order: null, _time: 3000 },
        ],
        right: [
          { reference: "b", amount: 12.5, _time: 4000 },
          { reference: null, amount: 1.5, _time: 4000 },
        ],
      },
      expect: {
        out: [
          { order: "b", reference: "b", amount: 12.5 },
          { order: "a", reference: null, amount: null },
          { order: null, reference: null, amount: null },
        ],
      },
    },
    {
      title: "Unmatched at once: the first word comes without waiting, the pair follows",
      params: { leftKeys: ["order"], rightKeys: ["order"], kind: "left", from: "0s", to: "1m", unmatched: "at-once" },
      feed: {
        left: [{ order: "a", _time: 1000 }],
        right: [{ order: "a", amount: 12.5, _time: 4000 }],
      },
      expect: {
        out: [
          { order: "a", right_order: null, amount: null },
          { order: "a", right_order: "a", amount: 12.5 },
        ],
      },
    },
    {
      title: "An interval before the left record: what led to an error",
      params: { leftKeys: ["host"], rightKeys: ["host"], from: "5s", to: "1ms", toSide: "before", rightPrefix: "earlier_" },
      feed: {
        left: [{ host: "h1", message: "out of memory", _time: 10_000 }],
        right: [
          { host: "h1", message: "start", _time: 4999 },
          { host: "h1", message: "swapping", _time: 5000 },
          { host: "h1", message: "killed", _time: 10_000 },
        ],
      },
      expect: { out: [{ host: "h1", message: "out of memory", earlier_host: "h1", earlier_message: "swapping" }] },
    },
  ],
});

/** An end of the interval, ms after the left record; null while it is not set. */
function bound(ms: number | null, side: "before" | "after"): number | null {
  return ms === null || side === "after" ? ms : 0 - ms;
}

function intervalWords(fromMs: number | null, toMs: number | null): string {
  if (fromMs === null || toMs === null) return "interval not set";
  const words = (ms: number) => `${durationWords(Math.abs(ms))} ${ms < 0 ? "before" : "after"}`;
  if (fromMs === 0 && toMs === 0) return "at the same time";
  if (fromMs === 0) return `up to ${words(toMs)}`;
  if (toMs === 0) return `up to ${words(fromMs)}`;
  return `${words(fromMs)} to ${words(toMs)}`;
}
