import { defineNode, param } from "@millrace/engine";
import { byKeys } from "../words/key-words.ts";
import { numberWords } from "../words/number-words.ts";

export const sample = defineNode({
  type: "sample",
  version: 1,
  category: "transform",
  label: "Sample",
  summary: "Keeps all records of a share of the keys, always the same ones.",
  docs: `Keeps a share of the keys, with all of their records, and leaves out the others. Which keys are kept follows from a hash of the key alone.

**When to use it.** To try a pipeline out on 1 % of the customers, to show a readable extract of a stream, or to keep an expensive step affordable. As a key is kept with all its records, windows, joins and patterns behind it see whole histories.

**Deterministic.** The same key is kept always and everywhere: after a restart, in another pipeline, on another machine. A larger share holds every key of a smaller one. Two streams that are sampled by the same field can be joined.

**Share.** It is met on average over many different keys. With few keys, or when one of them has most of the records, the share of *records* may be quite another.

**Pitfall.** Two of these nodes in a row by the same key do not multiply: 10 % of the keys, of which 10 % are kept, are still the same 10 %.`,
  icon: "percent",
  inputs: [{ name: "in" }],
  outputs: [{ name: "out" }],
  params: param.params({
    keyBy: param.fields({ label: "Key fields", min: 1, help: "Records with equal values are kept together, or left out together." }),
    percent: param.number({ label: "Share of the keys", default: 10, min: 0, max: 100, unit: "%" }),
  }),
  headline: (params) => `${numberWords(params.percent)} %${byKeys(params.keyBy)}`,
  lower: ({ params, inputs }) => ({
    out: { op: "sample", input: inputs.in, keyBy: params.keyBy, share: params.percent / 100 },
  }),
  examples: [
    {
      title: "A key comes with all its records, or with none",
      params: { keyBy: ["customer"], percent: 50 },
      feed: {
        in: [
          { customer: "c1", amount: 1 },
          { customer: "c3", amount: 2 },
          { customer: "c1", amount: 3 },
          { customer: "c3", amount: 4 },
        ],
      },
      expect: {
        out: [
          { customer: "c1", amount: 1 },
          { customer: "c1", amount: 3 },
        ],
      },
    },
  ],
});
