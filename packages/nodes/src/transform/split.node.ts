import { type Branch, defineNode, type OperatorOutput, outputOf, param } from "@millrace/engine";
import { strictDocs, strictParam, strictPorts } from "./strict-param.ts";

/** The port of the records that no condition took. */
const otherwise = "otherwise";

export const split = defineNode({
  type: "split",
  version: 1,
  category: "transform",
  label: "Split",
  summary: "Sends each record to every port whose condition holds.",
  docs: `Asks all conditions of each record and sends it out of every port whose condition is TRUE: out of none, one or several of them. A record for which none is TRUE leaves by **otherwise**.

**When to use it.** When the streams behind it overlap: what is large, what is foreign, what is new, and some payments are all three. When each record belongs to exactly one of them, use a **Branch**; to send a share of the records another way, an **A/B split**.

**Nothing is copied.** All ports share the columns of the same batch, so that a split costs what its conditions cost.

**NULL.** A condition that is NULL does not hold.

${strictDocs}

**Pitfall.** Streams that come out of a split and meet again in a **Union** hold a record as often as it was sent. The name of a condition is the name of its port: edges hang on it.`,
  icon: "network",
  inputs: [{ name: "in" }],
  outputs: (params) => [...params.branches.map((entry) => ({ name: entry.name })), { name: otherwise }, ...strictPorts(params)],
  params: param.params({
    branches: param.conditions({ label: "Ports", help: "A name for the port and a condition; all are asked." }),
    ...strictParam,
  }),
  headline: (params) => params.branches.map((entry) => entry.name).join(" + "),
  lower: ({ params, inputs }) => {
    const operator: Branch<string, OperatorOutput> = {
      op: "branch",
      input: inputs.in,
      branches: params.branches.map((entry) => ({ name: entry.name, value: entry.where })),
      every: true,
      strict: params.strict,
    };
    const ports = [...params.branches.map((entry) => entry.name), otherwise, ...strictPorts(params).map(({ name }) => name)];
    return Object.fromEntries(ports.map((port) => [port, outputOf(operator, port)]));
  },
  examples: [
    {
      title: "A record comes out wherever it belongs",
      params: {
        branches: [
          { name: "large", where: "amount > 100" },
          { name: "foreign", where: "country <> 'NO'" },
        ],
      },
      feed: {
        in: [
          { amount: 500, country: "IN" },
          { amount: 500, country: "NO" },
          { amount: 5, country: "IN" },
          { amount: 5, country: null },
        ],
      },
      expect: {
        large: [
          { amount: 500, country: "IN" },
          { amount: 500, country: "NO" },
        ],
        foreign: [
          { amount: 500, country: "IN" },
          { amount: 5, country: "IN" },
        ],
        otherwise: [{ amount: 5, country: null }],
      },
    },
  ],
});
