import { defineNode, type OperatorOutput, outputOf, param, type SnapshotJoin } from "@millrace/engine";
import { checkJoin, joinConditionOf, joinInputs, joinKeyParams, joinKeyWords, joinNameParams } from "./join-params.ts";

export const snapshotJoin = defineNode({
  type: "snapshot-join",
  version: 1,
  category: "join",
  label: "Snapshot join",
  summary: "Loads the right input as a table, then enriches each left record with its newest row at once.",
  docs: `First the right input is read into a table, one row a key; meanwhile left records wait. Then every left record is joined the moment it comes, with the row that the table holds *now*, and the right keeps updating the table.

**When to use it.** For reference data that changes slowly: customers, products, device names. Nothing is held back by a right side that is silent for hours. When the value *at the time of the record* matters, use the **As-of join**.

**When loading ends.** When the right has ended (a file), when its watermark has reached the time at which the pipeline was started (a topic that has been read up to now), or when it has been silent for *Silence that ends loading*. The state remembers it: after a restart the join does not load again. The counter \`loading\` is 1 until then.

**The table.** The last row to come for a key counts, whatever its event time; a deleted row (in a changelog) is removed. Left records keep their event time, their kind and their order. **NULL** in a key is equal to nothing, unless *NULL equals NULL* is on.

**Overflow.** While the right is loaded, at most so many left records wait as you allow; those beyond leave by the port *Overflow* rather than be joined with half a table.

**Pitfall.** The result depends on what has arrived first, so that a second run over the same data may differ. That is the price of not waiting; it cannot be tested by replay.`,
  icon: "table-2",
  inputs: joinInputs,
  outputs: [{ name: "out" }, { name: "overflow", label: "Overflow", side: true }],
  params: param
    .params({
      ...joinKeyParams,
      kind: param.choice({
        label: "Left records without a row",
        default: "left",
        options: [
          { value: "left", label: "Keep, with NULLs", help: "Left outer join." },
          { value: "inner", label: "Drop", help: "Inner join." },
        ],
      }),
      silence: param.duration({
        label: "Silence that ends loading",
        default: "10s",
        minMs: 100,
        help: "Loading ends when the right has brought nothing for this long (time of the clock).",
      }),
      maxWaiting: param.number({
        label: "Left records that may wait",
        default: 100_000,
        min: 0,
        max: 10_000_000,
        integer: true,
        advanced: true,
        help: "While the right is loaded; what is beyond leaves by the port Overflow.",
      }),
      ...joinNameParams,
    })
    .superRefine(checkJoin),
  headline: (params) => `${joinKeyWords(params)}, newest row`,
  lower: ({ params, inputs }) => {
    const operator: SnapshotJoin<OperatorOutput> = {
      op: "snapshot-join",
      kind: params.kind,
      left: inputs.left,
      right: inputs.right,
      ...joinConditionOf(params),
      loadUntilMs: null,
      idleMs: params.silence,
      maxBufferedRecords: params.maxWaiting,
    };
    return { out: outputOf(operator), overflow: outputOf(operator, "overflow") };
  },
  examples: [
    {
      title: "The table is loaded first; the last row of a key counts",
      params: { leftKeys: ["customer"], rightKeys: ["id"] },
      feed: {
        left: [
          { customer: 1, amount: 20, _time: 1000 },
          { customer: 3, amount: 30, _time: 2000 },
        ],
        right: [
          { id: 1, name: "Ada", _time: 5000 },
          { id: 2, name: "Ben", _time: 5000 },
          { id: 1, name: "Ada L.", _time: 4000 },
        ],
      },
      expect: {
        out: [
          { customer: 1, amount: 20, id: 1, name: "Ada L." },
          { customer: 3, amount: 30, id: null, name: null },
        ],
        overflow: [],
      },
    },
    {
      title: "An inner join drops what the table does not have",
      params: { leftKeys: ["customer"], rightKeys: ["customer"], kind: "inner" },
      feed: {
        left: [
          { customer: "c1", page: "/home", _time: 1000 },
          { customer: null, page: "/help", _time: 1500 },
          { customer: "c2", page: "/cart", _time: 2000 },
        ],
        right: [{ customer: "c2", tier: "gold", _time: 0 }],
      },
      expect: { out: [{ customer: "c2", page: "/cart", right_customer: "c2", tier: "gold" }] },
    },
  ],
});
