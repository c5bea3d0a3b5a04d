import { defineNode, type OperatorOutput, outputOf, param, type Sample } from "@millrace/engine";
import { byKeys } from "../words/key-words.ts";
import { numberWords } from "../words/number-words.ts";

export const abSplit = defineNode({
  type: "ab-split",
  version: 1,
  category: "transform",
  label: "A/B split",
  summary: "Sends a share of the keys one way and the others another way, always the same ones.",
  docs: `Parts the keys in two: a share of them leaves by **A**, all others by **B**, each with all of its records. Which way a key goes follows from a hash of the key alone.

**When to use it.** To try a new rule on 10 % of the customers, to send part of the load to a new service, or to compare two ways of doing the same thing. To keep only a share, use a **Sample**.

**Deterministic.** A key goes the same way always and everywhere: after a restart, in another pipeline, on another machine. With a larger share, keys move from B to A and none the other way.

**Share.** It is met on average over many different keys. With few keys, or when one of them has most of the records, the share of *records* may be quite another.

**Pitfall.** Two of these nodes in a row by the same key are not independent: what the first sent to A has the low hashes. Split once into A and B, and B again with a share of what is left.`,
  icon: "flask-conical",
  inputs: [{ name: "in" }],
  outputs: [
    { name: "a", label: "A" },
    { name: "b", label: "B" },
  ],
  params: param.params({
    keyBy: param.fields({ label: "Key fields", min: 1, help: "Records with equal values go the same way." }),
    percent: param.number({ label: "Share of A", default: 50, min: 0, max: 100, unit: "%" }),
  }),
  headline: (params) => `A ${numberWords(params.percent)} %${byKeys(params.keyBy)}`,
  lower: ({ params, inputs }) => {
    const operator: Sample<OperatorOutput> = {
      op: "sample",
      input: inputs.in,
      keyBy: params.keyBy,
      share: params.percent / 100,
      rest: true,
    };
    return { a: outputOf(operator), b: outputOf(operator, "rest") };
  },
  examples: [
    {
      title: "Every key goes one way with all its records",
      params: { keyBy: ["customer"], percent: 50 },
      feed: {
        in: [
          { customer: "c1", amount: 1 },
          { customer: "c3", amount: 2 },
          { customer: "c1", amount: 3 },
        ],
      },
      expect: {
        a: [
          { customer: "c1", amount: 1 },
          { customer: "c1", amount: 3 },
        ],
        b: [{ customer: "c3", amount: 2 }],
      },
    },
  ],
});
