import { defineNode, type OperatorOutput, outputOf, param, type RegularJoin } from "@millrace/engine";
import { durationWords } from "../words/duration-words.ts";
import { checkJoin, joinConditionOf, joinInputs, joinKeyParams, joinKeyWords, joinNameParams } from "./join-params.ts";

export const regularJoin = defineNode({
  type: "regular-join",
  version: 1,
  category: "join",
  label: "Table join",
  summary: "Joins two streams as SQL joins two tables, and corrects its result as they change.",
  docs: `Keeps the records of both sides for a *time to live* and joins every record with all records of its key on the other side, whichever comes first and however far apart they are.

**When to use it.** When there is no bound in time between the two sides, or when both are changelogs themselves. With a bound, the **Interval join** keeps less and never corrects itself; for reference data, the **As-of join** and the **Snapshot join** are what you want.

**What comes out.** An inner join of final records gives final records. Everything else gives a *changelog*: a record without a partner comes out at once with NULLs, and is taken back when a partner comes; what is taken back on the way in takes its pairs back. What follows must be able to take rows back: a window or an alert cannot. The rows carry no event time.

**Time to live.** A record is forgotten when the watermark has passed it by the time to live of its side. What it took part in stays as it was said, and what comes later no longer meets it. The counters \`evicted_left\` and \`evicted_right\` say how often that happened.

**NULL** in a key is equal to nothing, not even to NULL, unless *NULL equals NULL* is on.

**Pitfall.** A time to live that is too short gives wrong results in silence, one that is too long fills the memory. Set it from how late a partner may come, and watch the counters.`,
  icon: "git-merge",
  inputs: joinInputs,
  outputs: [{ name: "out" }],
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
      leftTtl: param.optionalDuration({ label: "Time to live, left", minMs: 1, help: "How long left records are kept (event time)." }),
      rightTtl: param.optionalDuration({ label: "Time to live, right", minMs: 1, help: "How long right records are kept (event time)." }),
      ...joinNameParams,
    })
    .superRefine(checkJoin),
  headline: (params) => `${joinKeyWords(params)}, ${ttlWords(params.leftTtl, params.rightTtl)}`,
  lower: ({ params, inputs }) => {
    const operator: RegularJoin<OperatorOutput> = {
      op: "regular-join",
      kind: params.kind,
      left: inputs.left,
      right: inputs.right,
      ...joinConditionOf(params),
      leftTtlMs: params.leftTtl,
      rightTtlMs: params.rightTtl,
    };
    return { out: outputOf(operator) };
  },
  examples: [
    {
      title: "However far apart, as long as both are kept",
      params: { leftKeys: ["ticket"], rightKeys: ["ticket"], leftTtl: "30d", rightTtl: "30d" },
      feed: {
        left: [
          { ticket: 1, subject: "No power", _time: 0 },
          { ticket: 2, subject: "Too loud", _time: 1000 },
        ],
        right: [
          { ticket: 1, answer: "Plug it in", _time: 90_000_000 },
          { ticket: 1, answer: "Well?", _time: 180_000_000 },
        ],
      },
      expect: {
        out: [
          { ticket: 1, subject: "No power", right_ticket: 1, answer: "Plug it in" },
          { ticket: 1, subject: "No power", right_ticket: 1, answer: "Well?" },
        ],
      },
    },
  ],
});

function ttlWords(leftMs: number | null, rightMs: number | null): string {
  if (leftMs === null || rightMs === null) return "time to live not set";
  return leftMs === rightMs ? `kept ${durationWords(leftMs)}` : `kept ${durationWords(leftMs)} and ${durationWords(rightMs)}`;
}
