import { defineNode, param } from "@millrace/engine";
import { checkLookup, lookupDocs, lookupEffortParams, lookupInputs, lookupOutputs, lookupParams, lowerLookup } from "./lookup-params.ts";

export const postgresLookup = defineNode({
  type: "postgres-lookup",
  version: 1,
  category: "join",
  label: "PostgreSQL lookup",
  summary: "Enriches each record with a row of a table.",
  docs: `Finds the row of a table of PostgreSQL whose columns have given values, and puts columns of it behind the record: the customer of an order, the limit of a card, the owner of a device.

**When to use it.** For reference data that lives in a database and changes seldom. When every record needs another row, think of a **Snapshot join** with the table as a stream: it asks nobody.

**What is asked.** Each column is compared with the value of an expression. Values travel as parameters, never as part of the statement; names of the table and of columns are plain names. The fields of the answer are columns of these names. The columns that are compared should be unique: where several rows have the values, the record fails rather than meet one of them by chance. An index over them keeps the database calm.

**Connection.** Its name is all that the pipeline holds. The address is a secret of the runtime, \`postgresql://user:password@host:5432/database?sslmode=require\`. A user that may only read is enough.

${lookupDocs}

**Pitfall.** A transaction of a long load that has not committed is not seen: its keys count as missing for *Keep “no row” for*.`,
  icon: "database",
  inputs: lookupInputs,
  outputs: lookupOutputs,
  params: param
    .params({
      connection: param.connection({ label: "Connection", service: "postgresql" }),
      table: param.text({ label: "Table", placeholder: "public.customers", maxLength: 127, help: "With or without its schema." }),
      where: param.namedExpressions({ label: "Where", help: "A column, and the value that it has to have." }),
      ...lookupParams,
      ...lookupEffortParams,
    })
    .superRefine(checkLookup),
  headline: (params) => `${params.table} by ${params.where.map(({ name }) => name).join(", ")}`,
  lower: ({ params, inputs }) =>
    lowerLookup(inputs.in, params, {
      connector: "postgres",
      options: { connection: params.connection, table: params.table },
      keys: params.where,
      timeoutMs: params.timeout,
      retries: params.retries,
      capacity: params.capacity,
    }),
  examples: [
    {
      title: "Orders of customers in the table; the others are dropped",
      params: {
        connection: "warehouse",
        table: "crm.customers",
        where: [{ name: "id", value: "customer" }],
        fields: [{ name: "country", type: "string" }],
        kind: "inner",
      },
      lookup: [
        { id: 7, country: "NO" },
        { id: 9, country: null },
      ],
      feed: {
        in: [
          { customer: 7, amount: 20 },
          { customer: 8, amount: 5 },
          { customer: 9, amount: 3 },
        ],
      },
      expect: {
        out: [
          { customer: 7, amount: 20, country: "NO" },
          { customer: 9, amount: 3, country: null },
        ],
      },
    },
  ],
});
