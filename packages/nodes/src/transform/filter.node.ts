import { defineNode, type Filter, type OperatorOutput, outputOf, param } from "@millrace/engine";
import { strictDocs, strictParam, strictPorts } from "./strict-param.ts";

export const filter = defineNode({
  type: "filter",
  version: 1,
  category: "transform",
  label: "Filter",
  summary: "Keeps the records for which a condition holds.",
  docs: `Keeps a record when the condition is TRUE and leaves it out otherwise. Nothing else about the record changes: neither its fields nor its event time.

**When to use it.** As early as you can: everything downstream then has less to do. To send the other records somewhere rather than leave them out, use a **Branch**.

**NULL.** As in SQL, a comparison with NULL is neither TRUE nor FALSE, so \`status <> 200\` leaves out the records without a status. Say \`status IS NULL OR status <> 200\` or \`COALESCE(status, 0) <> 200\` when you want them.

${strictDocs}

**Pitfall.** The watermark passes even when every record is left out, so windows downstream still close; a window without a single record, however, emits no row.`,
  icon: "funnel",
  inputs: [{ name: "in" }],
  outputs: (params) => [{ name: "out" }, ...strictPorts(params)],
  params: param.params({
    where: param.expression({
      label: "Keep records where",
      result: "boolean",
      help: "A condition over the fields, for example level = 'ERROR'.",
    }),
    ...strictParam,
  }),
  headline: (params) => params.where,
  lower: ({ params, inputs }) => {
    const operator: Filter<string, OperatorOutput> = { op: "filter", input: inputs.in, where: params.where, strict: params.strict };
    return { out: operator, ...(params.strict ? { dead_letter: outputOf(operator, "dead_letter") } : {}) };
  },
  examples: [
    {
      title: "Keep large orders",
      params: { where: "amount > 100" },
      feed: { in: [{ amount: 50 }, { amount: 150 }] },
      expect: { out: [{ amount: 150 }] },
    },
    {
      title: "What cannot be decided goes to the dead letters",
      params: { where: "CAST(level AS BIGINT) > 3", strict: true },
      feed: { in: [{ level: "5" }, { level: "2" }, { level: "high" }, { level: null }] },
      expect: {
        out: [{ level: "5" }],
        dead_letter: [{ level: "high", dead_letter_reason: '"where" cannot be computed although level has a value' }],
      },
    },
    {
      title: "A comparison with NULL keeps nothing",
      params: { where: "status <> 200" },
      feed: { in: [{ status: 200 }, { status: 503 }, { status: null }] },
      expect: { out: [{ status: 503 }] },
    },
  ],
});
