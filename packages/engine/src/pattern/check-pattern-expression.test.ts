import { describe, expect, test } from "vitest";
import { explainExpression } from "../plan/explain-expression.ts";
import { doubleType, jsonType, stringType } from "../types/field-type.ts";
import { checkPatternExpression } from "./check-pattern-expression.ts";

const fields = [
  { name: "price", type: doubleType },
  { name: "name", type: stringType },
  { name: "doc", type: jsonType },
];
const check = (text: string) => checkPatternExpression(text, fields, ["a", "b", "doc"], {}, undefined);

describe("what a pattern may say", () => {
  test.each([
    ["price > 2 * AVG(a.price)", "boolean", "price > (CAST(2 AS double) * AVG(a.price))"],
    ["count(b) + COUNT(b.name)", "bigint", "COUNT(b) + COUNT(b.name)"],
    ["CASE WHEN COUNT(a) > 1 THEN first(a.name) ELSE b.name END", "string", "CASE(COUNT(a) > 1, FIRST(a.name), LAST(b.name))"],
    ["a.price + LAST(a.price)", "double", "LAST(a.price) + LAST(a.price)"],
    ["MIN(a.name) || MAX(b.name)", "string", "MIN(a.name) || MAX(b.name)"],
    ["doc.name", "json", "doc . 'name'"],
    ["SUM(price) + count(*)", "double", "SUM(*.price) + CAST(COUNT(*) AS double)"],
    ["COUNT(b.*) + COUNT(price)", "bigint", "COUNT(b) + COUNT(*.price)"],
    ["LAST(a.price, 2) - FIRST(price, 1)", "double", "LAST(a.price)@2 - FIRST(*.price)@1"],
    ["RUNNING AVG(a.price) < 10", "boolean", "RUNNING AVG(a.price) < CAST(10 AS double)"],
    ["SUM(a.price * 2 + a.`price`)", "double", "SUM(a|price * 2 + price)"],
    ["LAST(doc.name)", "string", "LAST(doc.name)"],
  ])("%s", (text, type, shown) => {
    const checked = check(text);
    if (!checked.ok) throw new Error(checked.diagnostics.map((found) => found.message).join("\n"));
    expect(checked.value.type.kind).toBe(type);
    expect(explainExpression(checked.value)).toBe(shown);
  });
});

test.each([
  ["SUM(a.price * b.price)", "PATTERN_AGGREGATE_FORM", "SUM(a.price * b.price)"],
  ["1 + SUM(a.price * price)", "PATTERN_AGGREGATE_FORM", "SUM(a.price * price)"],
  ["AVG(a.price, 1)", "PATTERN_AGGREGATE_FORM", "AVG(a.price, 1)"],
  ["LAST(a.price, -1)", "PATTERN_AGGREGATE_FORM", "LAST(a.price, -1)"],
  ["LAST(a.price, price)", "PATTERN_AGGREGATE_FORM", "LAST(a.price, price)"],
  ["RUNNING ABS(price)", "PATTERN_AGGREGATE_FORM", "RUNNING ABS(price)"],
  ["LAST(a)", "PATTERN_AGGREGATE_FORM", "LAST(a)"],
  ["SUM(a.price + a.cost)", "UNKNOWN_FIELD", "SUM(a.price + a.cost)"],
  ["SUM(ABS(AVG(a.price)))", "EXPRESSION_AGGREGATE", "SUM(ABS(AVG(a.price)))"],
  ["COUNT()", "PATTERN_AGGREGATE_FORM", "COUNT()"],
  ["COUNT(aa)", "PATTERN_STAGE_UNKNOWN", "aa"],
  ["SUM(c.price)", "PATTERN_STAGE_UNKNOWN", "c"],
  ["SUM(a.cost)", "UNKNOWN_FIELD", "SUM(a.cost)"],
  ["a.cost > 1", "UNKNOWN_FIELD", "a.cost"],
  ["SUM(a.name)", "AGGREGATE_ARGUMENT_TYPE", "SUM(a.name)"],
  ["COUNT(a) > 'x'", "OPERATOR_TYPES", "COUNT(a) > 'x'"],
  ["prise > 1", "UNKNOWN_FIELD", "prise"],
  ["COUNT(a", "EXPRESSION_SYNTAX", ""],
])("%s is refused as %s, there where it stands", (text, code, at) => {
  const checked = check(text);
  if (checked.ok) throw new Error(`${text} was taken`);
  const [found] = checked.diagnostics;
  expect(found.code).toBe(code);
  expect(text.slice(found.place.span?.start, found.place.span?.end)).toBe(at);
});
