import { defineNode, param } from "@millrace/engine";
import { byKeys } from "../words/key-words.ts";

export const keyBy = defineNode({
  type: "key-by",
  version: 1,
  category: "transform",
  label: "Key by",
  summary: "Declares by which fields the records belong together.",
  docs: `Records with equal values in these fields belong together: windows, alerts and patterns downstream keep one state for each of them.

**When to use it.** When several nodes downstream group by the same fields: they then need no keys of their own. A node that names keys itself uses those.

**Equality is typed.** The number 1 and the text "1" are different keys, text is compared exactly (upper and lower case differ), and all records whose key is NULL form one group of their own.

**Pitfall.** State grows with the number of different keys. A field that is different in every record, such as a request id, makes a poor key.`,
  icon: "key-round",
  inputs: [{ name: "in" }],
  outputs: [{ name: "out" }],
  params: param.params({ fields: param.fields({ label: "Key fields", min: 1 }) }),
  headline: (params) => byKeys(params.fields).trimStart(),
  lower: ({ params, inputs }) => ({ out: { op: "key-by", input: inputs.in, fields: params.fields } }),
  examples: [
    {
      title: "The records stay as they are",
      params: { fields: ["sensor"] },
      feed: {
        in: [
          { sensor: "a", value: 1 },
          { sensor: "b", value: 2 },
        ],
      },
      expect: {
        out: [
          { sensor: "a", value: 1 },
          { sensor: "b", value: 2 },
        ],
      },
    },
  ],
});
