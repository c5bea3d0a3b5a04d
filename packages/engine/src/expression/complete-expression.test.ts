import { expect, test } from "vitest";
import type { Field } from "../types/field-type.ts";
import { completeExpression } from "./complete-expression.ts";

const fields: readonly Field[] = [
  { name: "amount", type: { kind: "bigint" } },
  { name: "end", type: { kind: "bigint" } },
  { name: "odd name", type: { kind: "string" } },
  {
    name: "device",
    type: {
      kind: "row",
      fields: [
        { name: "id", type: { kind: "string" } },
        { name: "site", type: { kind: "row", fields: [{ name: "city", type: { kind: "string" } }] } },
      ],
    },
  },
];

/** What would be inserted at the `|`. */
function inserts(text: string): readonly string[] {
  const offset = text.indexOf("|");
  return completeExpression(text.replace("|", ""), offset, fields).map((completion) => completion.insert);
}

test("offers fields first, then functions and keywords", () => {
  const all = completeExpression("", 0, fields);
  expect(all.slice(0, 4).map((completion) => completion.insert)).toEqual(["amount", "`end`", "`odd name`", "device"]);
  expect(all[0]).toEqual({ label: "amount", kind: "field", detail: "bigint", doc: "", insert: "amount" });
  expect(all.find((completion) => completion.label === "UPPER")).toEqual({
    label: "UPPER",
    kind: "function",
    detail: "UPPER(text string) → string",
    doc: "The text in upper case.",
    insert: "UPPER(",
  });
  expect(new Set(all.map((completion) => completion.kind))).toEqual(new Set(["field", "function", "keyword"]));
});

test.each([
  ["am| > 1", ["amount"]],
  ["amount > UPP|", ["UPPER("]],
  ["PI| * 2", ["PI()"]],
  ["device.|", ["id", "site"]],
  ["device.site.c|", ["city"]],
  ["amount.|", []],
  ["`od|", ["`odd name`"]],
  ["FLOOR(x TO MIN|", ["MINUTE"]],
  ["EXTRACT(EPO|", ["EPOCH"]],
  ["CAST(amount AS B|", ["BIGINT", "BOOLEAN"]],
  ["'am|'", []],
  ["1 /* am|", []],
  ["-- am|", []],
  ["amount > 12|", []],
])("%s", (text, expected) => {
  expect(inserts(text).slice(0, Math.max(expected.length, 1))).toEqual(expected);
});
