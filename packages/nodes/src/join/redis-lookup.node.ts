import { defineNode, param } from "@millrace/engine";
import {
  checkLookup,
  lookupDocs,
  lookupEffortParams,
  lookupInputs,
  lookupOutputs,
  lookupParams,
  lowerLookup,
  templateKeys,
} from "./lookup-params.ts";

export const redisLookup = defineNode({
  type: "redis-lookup",
  version: 1,
  category: "join",
  label: "Redis lookup",
  summary: "Enriches each record with what Redis holds under a key.",
  docs: `Reads a key of Redis for each record and puts what it finds behind the record: the profile of a customer, the state of a device, a counter that another service keeps.

**When to use it.** When the data lives in Redis and changes there. For data that comes as a stream, the **As-of join** gives the value of the record's own time, and the **Snapshot join** its newest one, without asking anybody.

**The key** is text with expressions in braces: \`customer:{customer_id}\`. The values are put into the key as they are and never read as commands.

**What is read.** A *hash*: each field of the answer is the field of the hash of that name. *JSON*: a string with a JSON object, whose members are the fields. *Text*: a string, which is the first field of the answer. Of numbers, truth values and timestamps the text is read as such; what does not fit its type fails that record alone.

**Connection.** Its name is all that the pipeline holds. The address is a secret of the runtime, \`redis://user:password@host:6379\`, or \`rediss://…\` for TLS.

${lookupDocs}

**Pitfall.** A key that another service has not written yet counts as missing for *Keep “no row” for*.`,
  icon: "zap",
  inputs: lookupInputs,
  outputs: lookupOutputs,
  params: param
    .params({
      connection: param.connection({ label: "Connection", service: "redis" }),
      key: param.template({ label: "Key", help: "Text with expressions in braces: customer:{customer_id}." }),
      value: param.choice({
        label: "What it holds",
        default: "hash",
        options: [
          { value: "hash", label: "A hash" },
          { value: "json", label: "A string with a JSON object" },
          { value: "text", label: "A string", help: "It is the first field of the answer." },
        ],
      }),
      ...lookupParams,
      ...lookupEffortParams,
    })
    .superRefine(checkLookup),
  headline: (params) => params.key,
  lower: ({ params, inputs }) => {
    const { parts, keys } = templateKeys(params.key);
    return lowerLookup(inputs.in, params, {
      connector: "redis",
      options: { connection: params.connection, parts, value: params.value },
      keys,
      timeoutMs: params.timeout,
      retries: params.retries,
      capacity: params.capacity,
    });
  },
  examples: [
    {
      title: "Who the customer is",
      params: {
        connection: "crm",
        key: "customer:{customer}",
        fields: [
          { name: "name", type: "string" },
          { name: "visits", type: "bigint" },
        ],
      },
      lookup: [{ customer: "7", name: "Ann", visits: 12 }],
      feed: {
        in: [
          { customer: 7, amount: 20 },
          { customer: 8, amount: 5 },
          { customer: null, amount: 1.5 },
        ],
      },
      expect: {
        out: [
          { customer: 7, amount: 20, name: "Ann", visits: 12 },
          { customer: 8, amount: 5, name: null, visits: null },
          { customer: null, amount: 1.5, name: null, visits: null },
        ],
      },
    },
  ],
});
