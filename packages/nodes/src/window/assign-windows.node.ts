import { type AssignWindows, defineNode, type OperatorOutput, outputOf, param, type WindowSpec } from "@millrace/engine";
import { durationWords } from "../words/duration-words.ts";
import { byKeys } from "../words/key-words.ts";
import { windowOutputs } from "./window-params.ts";

export const assignWindows = defineNode({
  type: "assign-windows",
  version: 1,
  category: "window",
  label: "Assign windows",
  summary: "Puts beside each record the window, or windows, that it belongs to, without aggregating.",
  docs: `Adds \`window_start\` and \`window_end\` to each record. A record that is in several windows comes out once for each of them.

**When to use it.** When records are to be handled whole, but by window: joined with what happened in the same window, deduplicated within it, or told apart by the visit that they belong to. When all that is wanted are results per window, the windows that aggregate keep far less.

**Windows.** *Tumbling*: one after another. *Hopping*: of one size, a new one every slide. *Cumulate*: from the start of a period to the end of each step. *Session*: records of one key that are at most the gap apart; they come out when their session is over, because only then is its end known.

**Event time.** What comes out has the time \`window_end\` - 1, as results of windows have: records of one window are together for whatever follows.

**Late records.** Only a session keeps records, and only there can one be too late: it leaves by the port *Late*. In all other windows late records get their window too, and what follows decides.

**Pitfall.** Windows that overlap multiply records: 5 minutes every second is 300 rows for each.`,
  icon: "rows-3",
  inputs: [{ name: "in" }],
  outputs: windowOutputs,
  params: param
    .params({
      kind: param.choice({
        label: "Windows",
        default: "tumbling",
        options: [
          { value: "tumbling", label: "Tumbling" },
          { value: "hopping", label: "Hopping" },
          { value: "cumulate", label: "Cumulate" },
          { value: "session", label: "Session" },
        ],
      }),
      size: param.duration({
        label: "Size",
        default: "5m",
        minMs: 1,
        visibleWhen: { param: "kind", equals: ["tumbling", "hopping", "cumulate"] },
        help: "Of cumulate windows: the whole period.",
      }),
      slide: param.duration({ label: "Slide", default: "1m", minMs: 1, visibleWhen: { param: "kind", equals: ["hopping"] } }),
      step: param.duration({
        label: "Step",
        default: "1m",
        minMs: 1,
        visibleWhen: { param: "kind", equals: ["cumulate"] },
        help: "It divides the size.",
      }),
      gap: param.duration({ label: "Gap", default: "30m", minMs: 1, visibleWhen: { param: "kind", equals: ["session"] } }),
      keyBy: param.fields({
        label: "Key fields",
        default: [],
        visibleWhen: { param: "kind", equals: ["session"] },
        help: "Each value has sessions of its own. An empty list takes the key of the stream.",
      }),
      offset: param.duration({
        label: "Offset",
        default: "0s",
        advanced: true,
        visibleWhen: { param: "kind", equals: ["tumbling", "hopping", "cumulate"] },
        help: "Shifts the windows; smaller than the size.",
      }),
    })
    .superRefine((value, context) => {
      if (value.kind === "session" || value.offset < value.size) return;
      context.addIssue({
        code: "custom",
        path: ["offset"],
        message: `The offset of ${durationWords(value.offset)} is not smaller than the size of ${durationWords(value.size)}.`,
      });
    }),
  headline: (params) =>
    params.kind === "session"
      ? `${durationWords(params.gap)} gap sessions${byKeys(params.keyBy)}`
      : `${params.kind} of ${durationWords(params.size)}${params.kind === "hopping" ? ` every ${durationWords(params.slide)}` : ""}`,
  lower: ({ params, inputs }) => {
    const operator: AssignWindows<OperatorOutput> = {
      op: "assign-windows",
      input: inputs.in,
      keyBy: params.kind === "session" ? params.keyBy : [],
      window: windowOf(params),
    };
    return { out: outputOf(operator), late: outputOf(operator, "late") };
  },
  examples: [
    {
      title: "The minutes of three clicks",
      params: { size: "1m" },
      feed: {
        in: [
          { id: 1, _time: 0 },
          { id: 2, _time: 59_999 },
          { id: 3, _time: 60_000 },
        ],
      },
      expect: {
        out: [
          { id: 1, window_start: 0, window_end: 60_000 },
          { id: 2, window_start: 0, window_end: 60_000 },
          { id: 3, window_start: 60_000, window_end: 120_000 },
        ],
      },
    },
    {
      title: "Each click with the visit that it belongs to",
      params: { kind: "session", gap: "1m", keyBy: ["user"] },
      feed: {
        in: [
          { user: "ann", page: "home", _time: 0 },
          { user: "bo", page: "home", _time: 30_000 },
          { user: "ann", page: "cart", _time: 60_000 },
        ],
      },
      expect: {
        out: [
          { user: "bo", page: "home", window_start: 30_000, window_end: 90_000 },
          { user: "ann", page: "home", window_start: 0, window_end: 120_000 },
          { user: "ann", page: "cart", window_start: 0, window_end: 120_000 },
        ],
        late: [],
      },
    },
  ],
});

interface WindowParams {
  readonly kind: "tumbling" | "hopping" | "cumulate" | "session";
  readonly size: number;
  readonly slide: number;
  readonly step: number;
  readonly gap: number;
  readonly offset: number;
}

function windowOf({ kind, size, slide, step, gap, offset }: WindowParams): WindowSpec {
  switch (kind) {
    case "tumbling":
      return { kind, sizeMs: size, offsetMs: offset };
    case "hopping":
      return { kind, sizeMs: size, slideMs: slide, offsetMs: offset };
    case "cumulate":
      return { kind, maxSizeMs: size, stepMs: step, offsetMs: offset };
    case "session":
      return { kind, gapMs: gap, maxDurationMs: null };
  }
}
