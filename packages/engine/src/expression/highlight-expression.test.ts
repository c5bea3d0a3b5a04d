import fc from "fast-check";
import { expect, test } from "vitest";
import { highlightExpression } from "./highlight-expression.ts";

function shown(text: string): readonly string[] {
  return highlightExpression(text).map(({ start, end, kind }) => `${text.slice(start, end)} ${kind}`);
}

test("tells the pieces of an expression apart", () => {
  expect(shown("CASE WHEN UPPER(`odd name`) = 'A' THEN device.order + 1.5 END -- x")).toEqual([
    "CASE keyword",
    "WHEN keyword",
    "UPPER function",
    "( punctuation",
    "`odd name` field",
    ") punctuation",
    "= operator",
    "'A' string",
    "THEN keyword",
    "device field",
    ". punctuation",
    "order field",
    "+ operator",
    "1.5 number",
    "END keyword",
    "-- x comment",
  ]);
  expect(shown("FLOOR(at TO HOUR) > TIMESTAMP '2026-01-01' - INTERVAL '5' MINUTE OR NULL")).toEqual([
    "FLOOR function",
    "( punctuation",
    "at field",
    "TO keyword",
    "HOUR keyword",
    ") punctuation",
    "> operator",
    "TIMESTAMP keyword",
    "'2026-01-01' string",
    "- operator",
    "INTERVAL keyword",
    "'5' string",
    "MINUTE keyword",
    "OR keyword",
    "NULL constant",
  ]);
  expect(shown("CAST(a AS BIGINT) == 1")).toContain("BIGINT keyword");
  expect(shown("a == 1").at(-1)).toBe("== 1 error");
  expect(shown("a = 'open").at(-1)).toBe("'open error");
});

test("covers any text in order and without overlaps", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."ab1'`\"/*-. ()=<>{}\n\u{1F600}é"), maxLength: 40 }), (text) => {
      let at = 0;
      for (const { start, end } of highlightExpression(text)) {
        expect(start).toBeGreaterThanOrEqual(at);
        expect(end).toBeGreaterThan(start);
        expect(text.slice(at, start).trim()).toBe("");
        at = end;
      }
      expect(text.slice(at).trim()).toBe("");
    }),
  );
});
