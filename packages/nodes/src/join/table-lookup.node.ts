import { defineNode, param } from "@millrace/engine";
import { checkLookup, lookupInputs, lookupOutputs, lookupParams, lowerLookup } from "./lookup-params.ts";
import { readCsv, tableRows } from "./table-rows.ts";

const { fields, kind, failure, rightPrefix } = lookupParams;

export const tableLookup = defineNode({
  type: "table-lookup",
  version: 1,
  category: "join",
  label: "Table lookup",
  summary: "Enriches each record from a small table that you write here.",
  docs: `Finds the row of a table that is part of the pipeline, and puts columns of it behind the record: names of countries for their codes, limits for each kind of device, the team for each service.

**When to use it.** For a few hundred rows that change when the pipeline changes. What changes by itself belongs into a database (**PostgreSQL lookup**, **Redis lookup**) or a stream (**As-of join**).

**The table** is CSV: the first line names the columns, and values with a comma stand in double quotes. Each column under *Where* is compared, as text, with the value of its expression; of several rows with the same values the last counts. The *Fields of the answer* are columns of these names, read by their types; empty is NULL.

**What does not fit**, such as a word in a column of numbers, sends the records that meet it to the *Dead letters*. A NULL is equal to nothing.

**Pitfall.** The table is saved with the pipeline: no secrets, and no personal data.`,
  icon: "file-spreadsheet",
  inputs: lookupInputs,
  outputs: lookupOutputs,
  params: param
    .params({
      rows: param.text({ label: "Table", multiline: true, maxLength: 65_536, placeholder: "code,country\nNO,Norway\nIN,India" }),
      where: param.namedExpressions({ label: "Where", help: "A column, and the value that it has to have." }),
      fields,
      kind,
      failure,
      rightPrefix,
    })
    .superRefine((value, context) => {
      checkLookup({ ...value, cacheFor: 0, missingFor: 0, cacheSize: 1, keepInState: false, order: "ordered" }, context);
      const columns = readCsv(value.rows).at(0) ?? [];
      const wanted = [...value.where.map(({ name }) => name), ...value.fields.map(({ name }) => name)];
      const missing = wanted.find((name) => !columns.includes(name));
      if (missing === undefined) return;
      const message = `The table has no column "${missing}"; its first line names ${columns.length === 0 ? "none" : columns.join(", ")}.`;
      context.addIssue({ code: "custom", path: ["rows"], message });
    }),
  headline: (params) => `${params.fields.map(({ name }) => name).join(", ")} by ${params.where.map(({ name }) => name).join(", ")}`,
  lower: ({ params, inputs }) => {
    const keys = params.where.map(({ name, value }) => ({ name, value: `CAST((${value}) AS STRING)` }));
    const wanted = params.fields.filter(({ name }) => keys.every((key) => key.name !== name));
    const asked = {
      connector: "table",
      options: { rows: [...tableRows(params.rows, wanted)] },
      keys,
      timeoutMs: 10_000,
      retries: 0,
      capacity: 1024,
    };
    return lowerLookup(inputs.in, { ...params, cacheFor: 0, missingFor: 0, cacheSize: 1, keepInState: false, order: "ordered" }, asked);
  },
  examples: [
    {
      title: "Names for codes",
      params: {
        rows: 'code,country,calling\nNO,Norway,47\nIN,India,91\nFM,"Micronesia, Federated States of",\n',
        where: [{ name: "code", value: "UPPER(cc)" }],
        fields: [
          { name: "country", type: "string" },
          { name: "calling", type: "bigint" },
        ],
      },
      feed: { in: [{ cc: "no" }, { cc: "FM" }, { cc: "xx" }, { cc: null }] },
      expect: {
        out: [
          { cc: "no", country: "Norway", calling: 47 },
          { cc: "FM", country: "Micronesia, Federated States of", calling: null },
          { cc: "xx", country: null, calling: null },
          { cc: null, country: null, calling: null },
        ],
      },
    },
    {
      title: "What does not fit its type goes to the dead letters",
      params: {
        rows: "id,limit\na,10\nb,ten",
        where: [{ name: "id", value: "id" }],
        fields: [{ name: "limit", type: "bigint" }],
      },
      feed: { in: [{ id: "a" }, { id: "b" }] },
      expect: {
        out: [{ id: "a", limit: 10 }],
        dead_letter: [{ id: "b", dead_letter_reason: 'the field limit is declared bigint, but the record holds "ten"' }],
      },
    },
  ],
});
