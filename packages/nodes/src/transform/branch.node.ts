import { type Branch, defineNode, type OperatorOutput, outputOf, param } from "@millrace/engine";
import { strictDocs, strictParam, strictPorts } from "./strict-param.ts";

/** The port of the records that no condition took. */
const otherwise = "otherwise";

export const branch = defineNode({
  type: "branch",
  version: 1,
  category: "transform",
  label: "Branch",
  summary: "Sends each record to the first branch whose condition holds.",
  docs: `Asks the conditions in their order and sends the record out of the port of the first that is TRUE. A record for which none is TRUE leaves by **otherwise**. Every record leaves by exactly one port.

**When to use it.** To treat kinds of records differently: errors here, slow requests there, the rest into a file. Use a **Filter** when only one kind matters.

**Order matters.** With \`large: amount > 100\` before \`huge: amount > 1000\`, nothing ever reaches \`huge\`: put the narrower condition first.

**NULL.** A condition that is NULL does not take the record; it goes on to the next condition and in the end to *otherwise*.

${strictDocs}

**Pitfall.** A port that is not connected drops its records. The name of a condition is the name of its port: edges hang on it, so renaming a condition disconnects them.`,
  icon: "split",
  inputs: [{ name: "in" }],
  outputs: (params) => [...params.branches.map((entry) => ({ name: entry.name })), { name: otherwise }, ...strictPorts(params)],
  params: param.params({
    branches: param.conditions({ label: "Branches", help: "A name for the port and a condition, asked from top to bottom." }),
    ...strictParam,
  }),
  headline: (params) => params.branches.map((entry) => entry.name).join(" / "),
  lower: ({ params, inputs }) => {
    const operator: Branch<string, OperatorOutput> = {
      op: "branch",
      input: inputs.in,
      branches: params.branches.map((entry) => ({ name: entry.name, value: entry.where })),
      strict: params.strict,
    };
    const ports = [...params.branches.map((entry) => entry.name), otherwise, ...strictPorts(params).map(({ name }) => name)];
    return Object.fromEntries(ports.map((port) => [port, outputOf(operator, port)]));
  },
  examples: [
    {
      title: "The first condition that holds takes the record",
      params: {
        branches: [
          { name: "failed", where: "status >= 500" },
          { name: "slow", where: "latency_ms > 1000" },
        ],
      },
      feed: {
        in: [
          { status: 503, latency_ms: 2000 },
          { status: 200, latency_ms: 1500 },
          { status: 200, latency_ms: 20 },
          { status: null, latency_ms: null },
        ],
      },
      expect: {
        failed: [{ status: 503, latency_ms: 2000 }],
        slow: [{ status: 200, latency_ms: 1500 }],
        otherwise: [
          { status: 200, latency_ms: 20 },
          { status: null, latency_ms: null },
        ],
      },
    },
  ],
});
