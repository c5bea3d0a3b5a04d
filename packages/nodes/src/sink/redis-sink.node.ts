import { defineNode, type OperatorOutput, type Project, param, templateToExpression } from "@millrace/engine";
import { quoteName } from "../transform/quote-name.ts";
import { durationWords } from "../words/duration-words.ts";
import { jsonSink, sinkInputs } from "./sink-input.ts";

/** Member of each record that holds the name of its key. */
const nameMember = "_redis_name";

export const redisSink = defineNode({
  type: "redis-sink",
  version: 1,
  category: "sink",
  label: "Redis",
  summary: "Keeps the newest row of each key in Redis, for applications to read, exactly once.",
  delivery: { exactlyOnce: true, immediate: false },
  docs: `Writes the newest row of each key where an application can ask for it within a millisecond: the features of a customer, the last state of a device. A **Redis lookup** of another pipeline reads the same rows.

**A hash each**, \`HGETALL features:ann\`: one field of the hash for each field of the row. NULLs are left out, and a row replaces all of the one before it. **JSON** is one text, \`GET features:ann\`.

**The name** is text with expressions in braces: \`features:{customer_id}\`. The values are put into it as they are and never read as commands.

**What is stored** are all fields, or those that you name.

**Exactly once.** The rows of a checkpoint and its number are written by one script; after a crash, on either side, they are what they would have been. Of several rows of a key between two checkpoints the last counts. A row that is taken back by an updating window removes its key. Rows appear when the checkpoint is committed, about once a second.

**Connection.** Its name is all that the pipeline holds. The address is a secret of the runtime, \`redis://user:password@host:6379\`, or \`rediss://…\` for TLS. Redis 6.2 or newer; in a cluster, use one node's slots only. Without a connection, rows go to the Redis that Millrace itself runs on, under \`millrace:rows:{<pipeline>}:\`, and leave it with the pipeline.

**Pitfall.** Keys stay until something removes them: give *Forget after* when there is no end to them.`,
  icon: "key-round",
  inputs: sinkInputs,
  outputs: [],
  params: param.params({
    connection: param.optionalConnection({
      label: "Connection",
      service: "redis",
      help: "The name under which the runtime finds the address. Empty: the Redis that Millrace itself runs on.",
    }),
    name: param.template({ label: "Key", help: "The name of the key in Redis: features:{customer_id}." }),
    value: param.choice({
      label: "Value",
      default: "hash",
      options: [
        { value: "hash", label: "A hash" },
        { value: "json", label: "JSON" },
      ],
    }),
    fields: param.namedExpressions({
      label: "What is stored",
      min: 0,
      default: [],
      help: "A name and an expression for each. Empty: all fields.",
    }),
    forget: param.optionalDuration({ label: "Forget after", minMs: 1000, help: "Without a new row for this long. Empty: never." }),
  }),
  headline: ({ name, forget }) => (forget === null ? name : `${name} for ${durationWords(forget)}`),
  lower: ({ params, inputs, inputTypes }) => {
    const name = templateToExpression(params.name);
    const all = inputTypes.in.fields.map((field) => ({ name: field.name, value: quoteName(field.name) }));
    const rows: Project<string, OperatorOutput> = {
      op: "project",
      input: inputs.in,
      fields: [{ name: nameMember, value: name.ok ? name.value : "''" }, ...(params.fields.length > 0 ? params.fields : all)],
    };
    const options = { connection: params.connection, nameMember, value: params.value, forgetMs: params.forget };
    return jsonSink("redis-rows", options, { operator: rows, port: "out" });
  },
  examples: [
    {
      title: "What the sink is given",
      params: { name: "features:{customer}", fields: [{ name: "recent", value: "recent_count" }] },
      feed: {
        in: [
          { customer: "ann", recent_count: 3 },
          { customer: "bo", recent_count: 1 },
        ],
      },
      expect: {
        sink: [
          { _redis_name: "features:ann", recent: 3 },
          { _redis_name: "features:bo", recent: 1 },
        ],
      },
    },
  ],
});
