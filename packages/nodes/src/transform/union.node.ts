import { defineNode, param } from "@millrace/engine";

export const union = defineNode({
  type: "union",
  version: 1,
  category: "transform",
  label: "Union",
  summary: "Puts the records of several streams into one.",
  docs: `All records of all inputs come out as one stream. The inputs must have the same fields, of the same types, in the same order; put a **Map fields** with *Keep only these* before the one that differs.

**When to use it.** For the same kind of record from several places: two regions, an archive and a live source, the branches of a pipeline that meet again.

**No order between inputs.** Records of one input keep their order; those of different inputs come as they arrive. Windows are not disturbed by this: they go by event time.

**Watermark.** It is the lowest of the inputs, so that no input's records become late because another is ahead. An input that falls silent therefore holds back every window downstream: give such a source an idle timeout.

**Pitfall.** Equal records are not merged: what comes in on two inputs goes out twice.`,
  icon: "merge",
  inputs: [{ name: "in", multiple: true }],
  outputs: [{ name: "out" }],
  params: param.params({}),
  headline: () => "all inputs as one",
  lower: ({ inputLists }) => ({ out: { op: "union", inputs: inputLists.in } }),
  examples: [
    {
      title: "Records pass unchanged",
      params: {},
      feed: {
        in: [
          { region: "eu", load: 3 },
          { region: "us", load: 5 },
        ],
      },
      expect: {
        out: [
          { region: "eu", load: 3 },
          { region: "us", load: 5 },
        ],
      },
    },
  ],
});
