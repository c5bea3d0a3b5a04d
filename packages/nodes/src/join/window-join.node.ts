import { defineNode, type OperatorOutput, outputOf, param, type WindowJoin } from "@millrace/engine";
import { durationWords } from "../words/duration-words.ts";
import { checkJoin, joinConditionOf, joinInputs, joinKeyParams, joinKeyWords, joinNameParams } from "./join-params.ts";

export const windowJoin = defineNode({
  type: "window-join",
  version: 1,
  category: "join",
  label: "Window join",
  summary: "Joins the records of two streams that fall into the same window of time.",
  docs: `Cuts the time of both inputs into the same windows and joins, in each window, the records with the same key: what happened on both sides in the same five minutes.

**When to use it.** To compare two streams period by period: requests and errors of the same minute, sales of this shop and of its neighbour in the same hour. Two **Tumbling windows** of one size before it, and this join behind them, put their results side by side. When records belong together by their distance in time rather than by the clock, the **Interval join** does not miss a pair that lies across a boundary.

**What comes out.** Every pair of a key in a window; with three records on the left and four on the right that is twelve rows. The fields are those of the left, then \`window_start\` and \`window_end\` (unless the left has such fields because it comes out of a window), then those of the right, with the prefix where the name is taken. *Has a partner*, *Has no partner* and *Not in the right* give the fields of the left alone, each record once.

**When results come.** Everything comes when the watermark of both sides passes the end of the window; the event time of the rows is the last millisecond of it. Windows are half-open and aligned to 1970-01-01 00:00 UTC plus the *Offset*; a hopping window joins a pair in every window that holds both.

**Late records** leave by *Late left* or *Late right* when all their windows are closed. **NULL** in a key is equal to nothing: an outer join pads such a record, *Has no partner* lets it through. *Not in the right* goes by SQL's NOT IN: where the right has a NULL in the window nothing comes out, and a left NULL only where the right has no record at all. With *NULL equals NULL* it is a value like any other.

**Pitfall.** Rows multiply within a window. Aggregate each side first when you only need totals.`,
  icon: "square-stack",
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
        label: "Result",
        default: "inner",
        options: [
          { value: "inner", label: "Pairs", help: "Inner join." },
          { value: "left", label: "Pairs, and what is alone on the left", help: "Left outer join." },
          { value: "right", label: "Pairs, and what is alone on the right", help: "Right outer join." },
          { value: "full", label: "Pairs, and what is alone on either side", help: "Full outer join." },
          { value: "semi", label: "Left: has a partner", help: "Semi join: the left records that have a partner." },
          { value: "anti", label: "Left: has no partner", help: "Anti join (NOT EXISTS): the left records that have none." },
          { value: "not-in", label: "Left: not in the right", help: "NOT IN of SQL: as above, but a NULL might be anything." },
        ],
      }),
      window: param.choice({
        label: "Window",
        default: "tumbling",
        options: [
          { value: "tumbling", label: "Tumbling" },
          { value: "hopping", label: "Hopping" },
        ],
      }),
      size: param.duration({ label: "Size", default: "5m", minMs: 1 }),
      slide: param.duration({
        label: "Slide",
        default: "1m",
        minMs: 1,
        help: "How often a window ends; not longer than the size.",
        visibleWhen: { param: "window", equals: ["hopping"] },
      }),
      offset: param.duration({ label: "Offset", default: "0s", advanced: true, help: "Shifts the windows; smaller than the size." }),
      ...joinNameParams,
    })
    .superRefine((value, context) => {
      checkJoin(value, context);
      if (value.kind === "not-in" && value.leftKeys.length > 1) {
        const message = `"Left: not in the right" compares one field; there are ${value.leftKeys.length}. Use "Left: has no partner" for several.`;
        context.addIssue({ code: "custom", path: ["kind"], message });
      }
      if (value.window === "hopping" && value.slide > value.size) {
        const message = `The slide of ${durationWords(value.slide)} is longer than the size of ${durationWords(value.size)}, so some records would be in no window.`;
        context.addIssue({ code: "custom", path: ["slide"], message });
      }
      if (value.offset >= value.size) {
        const message = `The offset of ${durationWords(value.offset)} is not smaller than the size of ${durationWords(value.size)}.`;
        context.addIssue({ code: "custom", path: ["offset"], message });
      }
    }),
  headline: (params) => {
    const every = params.window === "hopping" ? ` every ${durationWords(params.slide)}` : "";
    return `${joinKeyWords(params)}, in ${durationWords(params.size)}${every}`;
  },
  lower: ({ params, inputs }) => {
    const { size: sizeMs, slide: slideMs, offset: offsetMs } = params;
    const operator: WindowJoin<OperatorOutput> = {
      op: "window-join",
      kind: params.kind,
      window: params.window === "tumbling" ? { kind: "tumbling", sizeMs, offsetMs } : { kind: "hopping", sizeMs, slideMs, offsetMs },
      left: inputs.left,
      right: inputs.right,
      ...joinConditionOf(params),
    };
    return { out: outputOf(operator), late_left: outputOf(operator, "late_left"), late_right: outputOf(operator, "late_right") };
  },
  examples: [
    {
      title: "Requests and errors of the same minute",
      params: { leftKeys: ["service"], rightKeys: ["service"], kind: "left", size: "1m" },
      feed: {
        left: [
          { service: "cart", requests: 10, _time: 59_999 },
          { service: "search", requests: 20, _time: 59_999 },
          { service: "cart", requests: 30, _time: 119_999 },
        ],
        right: [
          { service: "cart", errors: 1, _time: 30_000 },
          { service: "search", errors: 2, _time: 60_000 },
        ],
      },
      expect: {
        out: [
          { service: "cart", requests: 10, window_start: 0, window_end: 60_000, right_service: "cart", errors: 1 },
          { service: "search", requests: 20, window_start: 0, window_end: 60_000, right_service: null, errors: null },
          { service: "cart", requests: 30, window_start: 60_000, window_end: 120_000, right_service: null, errors: null },
        ],
      },
    },
    {
      title: "A NULL is equal to a NULL where you say so",
      params: { leftKeys: ["room"], rightKeys: ["room"], nullsMatch: true, size: "1m" },
      feed: {
        left: [
          { room: null, celsius: 20, _time: 1000 },
          { room: "hall", celsius: 18, _time: 2000 },
        ],
        right: [{ room: null, guests: 4, _time: 3000 }],
      },
      expect: { out: [{ room: null, celsius: 20, window_start: 0, window_end: 60_000, right_room: null, guests: 4 }] },
    },
    {
      title: "Not in the right: a NULL might be any of them, so that its minute stays empty",
      params: { leftKeys: ["user"], rightKeys: ["blocked"], kind: "not-in", size: "1m" },
      feed: {
        left: [
          { user: "ann", _time: 1000 },
          { user: "bob", _time: 2000 },
          { user: "ann", _time: 61_000 },
        ],
        right: [
          { blocked: "bob", _time: 3000 },
          { blocked: null, _time: 62_000 },
        ],
      },
      expect: { out: [{ user: "ann", window_start: 0, window_end: 60_000 }] },
    },
    {
      title: "Sensors that reported without a heartbeat in the last two minutes",
      params: { leftKeys: ["sensor"], rightKeys: ["sensor"], kind: "anti", window: "hopping", size: "2m", slide: "1m" },
      feed: {
        left: [
          { sensor: "a", celsius: 20, _time: 60_000 },
          { sensor: "b", celsius: 21, _time: 60_000 },
        ],
        right: [{ sensor: "a", _time: 125_000 }],
      },
      expect: {
        out: [
          { sensor: "a", celsius: 20, window_start: 0, window_end: 120_000 },
          { sensor: "b", celsius: 21, window_start: 0, window_end: 120_000 },
          { sensor: "b", celsius: 21, window_start: 60_000, window_end: 180_000 },
        ],
      },
    },
  ],
});
