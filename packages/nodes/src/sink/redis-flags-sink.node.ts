import { defineNode, type OperatorOutput, type Project, param, templateToExpression } from "@millrace/engine";
import { jsonSink, sinkInputs } from "./sink-input.ts";

export const redisFlagsSink = defineNode({
  type: "redis-flags-sink",
  version: 1,
  category: "sink",
  label: "Redis flags",
  summary: "Sets and clears flags in Redis that your application reads, exactly once.",
  delivery: { exactlyOnce: true, immediate: false },
  docs: `Writes the newest state of each flag into Redis: behind a **Feature flag**, who is active right now; behind any other stream, whatever a condition says.

**A key each.** \`SET flag:checkout:ann 1\`, and \`DEL\` when it is unset. Your application asks \`EXISTS flag:checkout:{user}\`. With *Let Redis forget it*, the key also expires at *Expires at*, so that nothing stays set when the pipeline is stopped for good; use *Say extensions of* in the **Feature flag** then. Flags of old records are forgotten at once.

**A set for all.** \`SADD active ann\`, and \`SREM\`: your application asks \`SISMEMBER active {user}\`, and \`SCARD active\` says how many there are.

**The name** is text with expressions in braces: \`flag:checkout:{user}\`. The values are put into it as they are and never read as commands.

**Exactly once.** The flags of a checkpoint and its number are written by one script; after a crash, on either side, they are what they would have been. Of several changes of a flag between two checkpoints the last counts. Flags appear when the checkpoint is committed, about once a second.

**Connection.** Its name is all that the pipeline holds. The address is a secret of the runtime, \`redis://user:password@host:6379\`, or \`rediss://…\` for TLS. Redis 6.2 or newer; in a cluster, use one node's slots only.

**Pitfall.** A record whose condition is NULL says nothing: it goes to the dead letters.`,
  icon: "flag",
  inputs: sinkInputs,
  outputs: [],
  params: param.params({
    connection: param.connection({ label: "Connection", service: "redis" }),
    store: param.choice({
      label: "Store",
      default: "keys",
      options: [
        { value: "keys", label: "A key for each flag" },
        { value: "set", label: "One set for all" },
      ],
    }),
    set: param.text({
      label: "Set",
      default: "flags",
      maxLength: 512,
      visibleWhen: { param: "store", equals: ["set"] },
      help: "The key of the set.",
    }),
    name: param.template({ label: "Name", help: "Of the key, or of the member of the set: flag:checkout:{user}." }),
    isSet: param.expression({ label: "Set when", result: "boolean", default: "is_set", help: "Otherwise it is unset." }),
    forget: param.toggle({
      label: "Let Redis forget it",
      default: false,
      visibleWhen: { param: "store", equals: ["keys"] },
      help: "The key also expires by itself.",
    }),
    expiresAt: param.expression({
      label: "Expires at",
      result: "timestamp",
      default: "expires_at",
      visibleWhen: { param: "forget", equals: [true] },
    }),
  }),
  headline: (params) => (params.store === "set" ? `${params.name} in ${params.set}` : params.name),
  lower: ({ params, inputs }) => {
    const name = templateToExpression(params.name);
    const forget = params.store === "keys" && params.forget;
    const flags: Project<string, OperatorOutput> = {
      op: "project",
      input: inputs.in,
      fields: [
        { name: "name", value: name.ok ? name.value : "''" },
        { name: "is_set", value: params.isSet },
        { name: "expires_at", value: forget ? params.expiresAt : "CAST(NULL AS TIMESTAMP)" },
      ],
    };
    const options = { connection: params.connection, set: params.store === "set" ? params.set : null, forget };
    return jsonSink("redis-flags", options, { operator: flags, port: "out" });
  },
  examples: [
    {
      title: "What the sink is given",
      params: { connection: "app", name: "flag:checkout:{user}" },
      feed: {
        in: [
          { user: "ann", is_set: true },
          { user: "bo", is_set: false },
        ],
      },
      expect: {
        sink: [
          { name: "flag:checkout:ann", is_set: true, expires_at: null },
          { name: "flag:checkout:bo", is_set: false, expires_at: null },
        ],
      },
    },
  ],
});
