import { defineNode, param, type Sink } from "@millrace/engine";
import { sinkInputs } from "./sink-input.ts";

export const postgresSink = defineNode({
  type: "postgres-sink",
  version: 1,
  category: "sink",
  label: "PostgreSQL",
  summary: "Writes records into a table, exactly once.",
  delivery: { exactlyOnce: true, immediate: true },
  docs: `Writes records into a table of PostgreSQL: each field goes into the column of the same name.

**Connection.** Its name is all that the pipeline holds. The address is a secret of the runtime, \`postgresql://user:password@host:5432/database?sslmode=require\`, in the environment variable that \`npm start\` names when it is missing.

**Add or update.** *Add rows* is for facts that never change. *Update by key* writes the newest row of each key and removes rows that are taken back; it needs a unique index over the key fields. Results of windows that update, of joins of tables and of *Deduplicate* with the last record need it.

**Exactly once.** The rows of a checkpoint and its number are written in one transaction, the number into the table \`millrace_deliveries\` of the same schema. After a crash, on either side, nothing is missing and nothing is there twice. Rows appear when the checkpoint that holds them is committed, about once a second.

**What the server refuses**, such as a text for a number or a broken constraint, goes to the dead letters with its reason; the other rows are written.

**Pitfall.** Columns without a field keep their defaults; a field without a column stops the pipeline with a message that names it.`,
  icon: "database",
  inputs: sinkInputs,
  outputs: [],
  params: param
    .params({
      connection: param.connection({ label: "Connection", service: "postgresql" }),
      table: param.text({ label: "Table", placeholder: "public.results", maxLength: 127, help: "With or without its schema." }),
      mode: param.choice({
        label: "Rows",
        default: "insert",
        options: [
          { value: "insert", label: "Add rows" },
          { value: "upsert", label: "Update by key" },
        ],
      }),
      key: param.fields({
        label: "Key",
        default: [],
        visibleWhen: { param: "mode", equals: ["upsert"] },
        help: "The fields of a unique index of the table.",
      }),
      createTable: param.toggle({
        label: "Create the table",
        default: false,
        advanced: true,
        help: "When it is missing: a column for each field, the key as its primary key.",
      }),
    })
    // Without a message of its own: the key then counts as not chosen yet.
    .refine((params) => params.mode === "insert" || params.key.length > 0, { path: ["key"] }),
  headline: (params) => (params.mode === "upsert" ? `${params.table} by ${params.key.join(", ")}` : params.table),
  lower: ({ params, inputs }) => {
    const sink: Sink<typeof inputs.in> = {
      op: "sink",
      input: inputs.in,
      connector: "postgres",
      options: {
        connection: params.connection,
        table: params.table,
        mode: params.mode,
        key: [...params.key],
        createTable: params.createTable,
      },
      format: { kind: "json" },
      appendOnly: params.mode === "insert",
    };
    return { sink };
  },
  examples: [
    {
      title: "Facts are added",
      params: { connection: "warehouse", table: "shop.orders" },
      feed: { in: [{ order_id: 1, amount: 120 }] },
      expect: { sink: [{ order_id: 1, amount: 120 }] },
    },
  ],
});
