import { defineNode, type OperatorOutput, outputOf, param, type Unnest } from "@millrace/engine";
import { strictPorts } from "./strict-param.ts";

/** Empty, or the name of a field. */
const fieldName = /^(?:[A-Za-z_][A-Za-z0-9_]{0,127})?$/;

export const unnest = defineNode({
  type: "unnest",
  version: 1,
  category: "transform",
  label: "Unnest",
  summary: "Makes a record of each element of an array.",
  docs: `Takes an array out of a record and puts out one record for each of its elements: an order with three items becomes three records, each with the other fields of the order.

**When to use it.** When what you count, join or filter is inside of an array: the items of an order, the tags of a page, the readings of a device that sends them together.

**What comes out.** The element takes the place of the array, under the name that you give it; all other fields and the event time are those of the record. With *Position field*, a field behind the others says which element it was, from 1. Elements of a json array are json: take members out with \`item.price\` and \`CAST\` in a **Map fields** behind this node.

**Empty arrays.** A record whose array is empty or NULL has no elements and is left out. With *Keep records without elements* it comes out once, with NULL for the element. A value that is no array at all counts as an empty one; the counter *not arrays* says how many there were. With *Send what fails to the dead letters* such a record leaves by that port instead.

**Pitfall.** One record may become thousands. What was unique before, such as an order id, comes several times now, and a sum over a field of the order counts it once per item.`,
  icon: "list-tree",
  inputs: [{ name: "in" }],
  outputs: (params) => [{ name: "out" }, ...strictPorts(params)],
  params: param
    .params({
      field: param.field({ label: "Array", types: ["json", "array"] }),
      as: param.text({ label: "Element field", default: "item", maxLength: 128, help: "What the element is called." }),
      position: param.text({ label: "Position field", default: "", maxLength: 128, advanced: true, help: "Empty: none." }),
      keepEmpty: param.toggle({ label: "Keep records without elements", default: false, advanced: true }),
      strict: param.toggle({
        label: "Send what fails to the dead letters",
        default: false,
        advanced: true,
        help: "A record whose value is no array leaves by the port Dead letters.",
      }),
    })
    .superRefine((value, context) => {
      for (const name of ["as", "position"] as const) {
        if (fieldName.test(value[name]) && (name === "position" || value.as !== "")) continue;
        const message = `"${value[name]}" cannot be the name of a field; use letters, digits and _.`;
        context.addIssue({ code: "custom", path: [name], message });
      }
    }),
  headline: (params) => `${params.as} in ${params.field}`,
  lower: ({ params, inputs }) => {
    const operator: Unnest<OperatorOutput> = {
      op: "unnest",
      input: inputs.in,
      field: params.field,
      as: params.as,
      position: params.position === "" ? null : params.position,
      keepEmpty: params.keepEmpty,
      strict: params.strict,
    };
    return { out: operator, ...(params.strict ? { dead_letter: outputOf(operator, "dead_letter") } : {}) };
  },
  examples: [
    {
      title: "Items of an order",
      params: { field: "items", as: "item", position: "line" },
      feed: {
        in: [
          { order: 1, items: [{ sku: "tea", price: 4.5 }, { sku: "pot" }] },
          { order: 2, items: [] },
        ],
      },
      expect: {
        out: [
          { order: 1, item: { sku: "tea", price: 4.5 }, line: 1 },
          { order: 1, item: { sku: "pot" }, line: 2 },
        ],
      },
    },
    {
      title: "Records without elements are kept",
      params: { field: "tags", as: "tag", keepEmpty: true },
      feed: {
        in: [
          { page: "a", tags: ["new", "sale"] },
          { page: "b", tags: null },
        ],
      },
      expect: {
        out: [
          { page: "a", tag: "new" },
          { page: "a", tag: "sale" },
          { page: "b", tag: null },
        ],
      },
    },
  ],
});
