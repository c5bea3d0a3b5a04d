import { defineNode, type OperatorOutput, outputOf, param, type TemporalJoin } from "@millrace/engine";
import { checkJoin, joinConditionOf, joinInputs, joinKeyParams, joinKeyWords, joinNameParams } from "./join-params.ts";

export const temporalJoin = defineNode({
  type: "temporal-join",
  version: 1,
  category: "join",
  label: "As-of join",
  summary: "Enriches each left record with the version of the right that was valid at its time.",
  docs: `Reads the right input as a table that changes: each record is a new version for its key, valid from its event time until the next. Each left record gets the version that was valid at *its own* time: an order in euros gets the exchange rate of that moment, however late it is processed.

**When to use it.** To look up prices, rates, device settings or customer data as they were. Results do not depend on which side happens to be faster, so that a replay gives the same rows. When the newest known value will do, a **Snapshot join** waits less.

**Boundaries.** A version is valid from its own time on, that very millisecond included. Of two versions with one time the one that came last counts. A deleted record (in a changelog) ends the validity. **NULL** in a key is equal to nothing, unless *NULL equals NULL* is on.

**When results come.** A left record waits until the watermark of *both* sides has reached it; then nothing older can come. What becomes due together comes out in the order in which it came, with its own event time. Left records that come late leave by the port *Late left*; with *Allowed lateness*, those that are late by less get the version of their time at once, and the watermark is held back by it. A right version that comes late is seen by later left records only.

**State.** One version for every key that the right ever had, plus what lies after the watermark, plus the left records that wait.

**Pitfall.** A right side that changes seldom holds the watermark back, and with it everything: give its source an idle timeout, so that silence counts as "no change".`,
  icon: "history",
  inputs: joinInputs,
  outputs: [{ name: "out" }, { name: "late_left", label: "Late left", side: true }],
  params: param
    .params({
      ...joinKeyParams,
      kind: param.choice({
        label: "Left records without a version",
        default: "left",
        options: [
          { value: "left", label: "Keep, with NULLs", help: "Left outer join." },
          { value: "inner", label: "Drop", help: "Inner join." },
        ],
      }),
      lateness: param.duration({
        label: "Allowed lateness",
        default: "0s",
        advanced: true,
        help: "How late a left record may be and still get its version; versions are kept for as much longer.",
      }),
      ...joinNameParams,
    })
    .superRefine(checkJoin),
  headline: (params) => `${joinKeyWords(params)}, as of the left record`,
  lower: ({ params, inputs }) => {
    const operator: TemporalJoin<OperatorOutput> = {
      op: "temporal-join",
      kind: params.kind,
      left: inputs.left,
      right: inputs.right,
      ...joinConditionOf(params),
      latenessMs: params.lateness,
    };
    return { out: outputOf(operator), late_left: outputOf(operator, "late_left") };
  },
  examples: [
    {
      title: "The exchange rate at the time of the order",
      params: { leftKeys: ["currency"], rightKeys: ["currency"] },
      feed: {
        left: [
          { id: 1, currency: "usd", _time: 59_999 },
          { id: 2, currency: "usd", _time: 60_000 },
          { id: 3, currency: "usd", _time: 200_000 },
          { id: 4, currency: "yen", _time: 200_000 },
        ],
        right: [
          { currency: "usd", rate: 1.5, _time: 60_000 },
          { currency: "usd", rate: 2.5, _time: 120_000 },
          { currency: "usd", rate: 3.5, _time: 300_000 },
        ],
      },
      expect: {
        out: [
          { id: 1, currency: "usd", right_currency: null, rate: null },
          { id: 2, currency: "usd", right_currency: "usd", rate: 1.5 },
          { id: 3, currency: "usd", right_currency: "usd", rate: 2.5 },
          { id: 4, currency: "yen", right_currency: null, rate: null },
        ],
      },
    },
    {
      title: "An inner join drops what has no version yet",
      params: { leftKeys: ["device"], rightKeys: ["name"], kind: "inner" },
      feed: {
        left: [
          { device: "d1", celsius: 20, _time: 10 },
          { device: "d1", celsius: 21, _time: 30 },
        ],
        right: [{ name: "d1", room: "lab", _time: 20 }],
      },
      expect: { out: [{ device: "d1", celsius: 21, name: "d1", room: "lab" }] },
    },
  ],
});
