import { defineNode, type Field, type NamedExpression, type OperatorOutput, outputOf, type Project, param } from "@millrace/engine";
import { quoteName } from "./quote-name.ts";
import { strictDocs, strictParam, strictPorts } from "./strict-param.ts";

/** All fields of the input, with those of the same name replaced in their place and the others appended. */
function added(inputFields: readonly Field[], news: readonly NamedExpression<string>[]): NamedExpression<string>[] {
  const placed = new Set<number>();
  const kept = inputFields.map((field): NamedExpression<string> => {
    const index = news.findIndex((entry) => entry.name === field.name);
    if (index < 0) return { name: field.name, value: quoteName(field.name) };
    placed.add(index);
    return news[index];
  });
  return [...kept, ...news.filter((_, i) => !placed.has(i))];
}

export const mapFields = defineNode({
  type: "map-fields",
  version: 1,
  category: "transform",
  label: "Map fields",
  summary: "Computes new fields, or keeps only the ones you name.",
  docs: `Computes fields from the fields of each record.

**Add to the existing fields** leaves the record as it is and appends the new fields; a new field with the name of an existing one replaces it. **Keep only these** makes a record of the named fields alone: use it to rename, to reorder and to leave out what nobody needs.

All expressions see the record as it came in, so \`a = a + 1, b = a\` puts the *old* \`a\` into \`b\`. Chain two of these nodes when the second needs the result of the first.

**Event time.** The time by which windows go stays what it was, also when you replace or leave out the field that it came from. Leave the field in when a later node should show it.

${strictDocs}

**Pitfalls.** A key that was declared upstream is forgotten when its field is left out. What cannot be computed, such as a division by zero or a failing \`CAST\`, is NULL; nothing stops and nothing is reported, unless it is sent to the dead letters.`,
  icon: "square-function",
  inputs: [{ name: "in" }],
  outputs: (params) => [{ name: "out" }, ...strictPorts(params)],
  params: param.params({
    mode: param.choice({
      label: "The new fields",
      default: "add",
      options: [
        { value: "add", label: "Add to the existing fields" },
        { value: "keep", label: "Keep only these" },
      ],
    }),
    fields: param.namedExpressions({ label: "Fields", help: "A name and an expression for each." }),
    ...strictParam,
  }),
  headline: (params) => {
    const [first, ...rest] = params.fields;
    if (params.mode === "keep") return `only ${params.fields.map((field) => field.name).join(", ")}`;
    return rest.length === 0 ? `${first.name} = ${first.value}` : `adds ${params.fields.map((field) => field.name).join(", ")}`;
  },
  lower: ({ params, inputs, inputTypes }) => {
    const fields = params.mode === "keep" ? params.fields : added(inputTypes.in.fields, params.fields);
    const operator: Project<string, OperatorOutput> = { op: "project", input: inputs.in, fields, strict: params.strict };
    return { out: operator, ...(params.strict ? { dead_letter: outputOf(operator, "dead_letter") } : {}) };
  },
  examples: [
    {
      title: "Add a total",
      params: { fields: [{ name: "total", value: "price * quantity" }] },
      feed: { in: [{ item: "tea", price: 2.5, quantity: 4 }] },
      expect: { out: [{ item: "tea", price: 2.5, quantity: 4, total: 10 }] },
    },
    {
      title: "Replace a field in its place",
      params: { fields: [{ name: "name", value: "UPPER(name)" }] },
      feed: { in: [{ name: "north", kwh: 3.5 }] },
      expect: { out: [{ name: "NORTH", kwh: 3.5 }] },
    },
    {
      title: "What cannot be computed goes to the dead letters, as it came",
      params: { mode: "keep", fields: [{ name: "each", value: "total / CAST(pieces AS BIGINT)" }], strict: true },
      feed: {
        in: [
          { total: 12, pieces: "4" },
          { total: 12, pieces: "0" },
          { total: 12, pieces: null },
        ],
      },
      expect: {
        out: [{ each: 3 }, { each: null }],
        dead_letter: [{ total: 12, pieces: "0", dead_letter_reason: '"each" cannot be computed although total, pieces have values' }],
      },
    },
    {
      title: "Keep and rename",
      params: { mode: "keep", fields: [{ name: "customer", value: "customer_id" }] },
      feed: { in: [{ customer_id: "c-1", amount: 9.5 }] },
      expect: { out: [{ customer: "c-1" }] },
    },
  ],
});
