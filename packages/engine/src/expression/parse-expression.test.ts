import { expect, test } from "vitest";
import { parseExpression } from "./parse-expression.ts";
import type { Syntax } from "./syntax.ts";

/** The tree as nested lists. */
function shape(syntax: Syntax): string {
  switch (syntax.kind) {
    case "literal":
      return typeof syntax.value === "string" ? `'${syntax.value}'` : String(syntax.value);
    case "name":
      return syntax.name;
    case "member":
      return `${shape(syntax.base)}.${syntax.name}`;
    case "cast":
      return `(CAST ${shape(syntax.value)} ${syntax.to.type.kind})`;
    case "call":
      return `(${[syntax.name, ...syntax.args.map(shape)].join(" ")})`;
  }
}

function parsed(text: string): string {
  const result = parseExpression(text);
  return result.ok ? shape(result.value) : result.diagnostics[0].message;
}

test.each([
  ["a + b * c - d", "(- (+ a (* b c)) d)"],
  ["a || b || c", "(|| a b c)"],
  ["a or b and not c = d", "(OR a (AND b (NOT (= c d))))"],
  ["a AND b AND c OR d", "(OR (AND a b c) d)"],
  ["a = b IS NULL", "(IS NULL (= a b))"],
  ["a < 1 IS NOT TRUE", "(IS NOT TRUE (< a 1))"],
  ["a IS NOT DISTINCT FROM b + 1", "(IS NOT DISTINCT FROM a (+ b 1))"],
  ["a BETWEEN 1 AND 2 AND b", "(AND (BETWEEN a 1 2) b)"],
  ["a NOT BETWEEN b - 1 AND b + 1", "(NOT (BETWEEN a (- b 1) (+ b 1)))"],
  ["a NOT IN (1, 'x')", "(NOT (IN a 1 'x'))"],
  ["a NOT LIKE 'x!%' ESCAPE '!'", "(NOT (LIKE a 'x!%' '!'))"],
  ["a != 1", "(<> a 1)"],
  ["-a * -2", "(* (NEGATE a) -2)"],
  ["- (2)", "(NEGATE 2)"],
  ["+a - -1", "(- a -1)"],
  ["a.b.`c d`[1].e", "([] a.b.c d 1).e"],
  ["case when a then 1 when b then 2 else 3 end", "(CASE a 1 b 2 3)"],
  ["CASE a WHEN 1 THEN 'x' END", "(CASE_OF a 1 'x' null)"],
  ["cast(a as bigint) + TRY_CAST(b AS TIMESTAMP_LTZ(3))", "(+ (CAST a bigint) (CAST b timestamp))"],
  ["EXTRACT(hour FROM t)", "(EXTRACT 'HOUR' t)"],
  ["FLOOR(t TO day)", "(FLOOR t 'DAY')"],
  ["FLOOR(x)", "(FLOOR x)"],
  ["SUBSTRING(s FROM 2 FOR 3)", "(SUBSTRING s 2 3)"],
  ["SUBSTRING(s, 2)", "(SUBSTRING s 2)"],
  ["TRIM(s)", "(TRIM s)"],
  ["TRIM(LEADING FROM s)", "(LTRIM s)"],
  ["TRIM(BOTH 'x' FROM s)", "(TRIM s 'x')"],
  ["TRIM('x' FROM s)", "(TRIM s 'x')"],
  ["POSITION('a' IN s)", "(POSITION 'a' s)"],
  ["TIMESTAMPDIFF(minute, a, b)", "(TIMESTAMPDIFF 'MINUTE' a b)"],
  ["(a - b) DAY TO SECOND(3)", "(- a b)"],
  ["INTERVAL '1.5' SECOND", "1500"],
  ["INTERVAL '5' MINUTES", "300000"],
  ["INTERVAL -'2' HOUR", "-7200000"],
  ["INTERVAL '300' SECOND(3)", "300000"],
  ["INTERVAL '00:04' MINUTE TO SECOND", "4000"],
  ["INTERVAL '-1 02:03:04.005' DAY TO SECOND(3)", "-93784005"],
  ["FLOOR(at + INTERVAL '1' DAY TO HOUR)", "(FLOOR (+ at 86400000) 'HOUR')"],
  ["INTERVAL '100:30' HOUR(3) TO MINUTE", "361800000"],
  ["TIMESTAMP '2026-01-01 00:00:00.5'", "1767225600500"],
  ["TIMESTAMP > interval", "(> TIMESTAMP interval)"],
  ["interval - 1", "(- interval 1)"],
  [".5 + 1e3 + 2.", "(+ (+ 0.5 1000) 2)"],
  ["'it''s'", "'it's'"],
  ["`a``b`", "a`b"],
  ["1 -- one\n + /* two */ 2", "(+ 1 2)"],
  ["a IS UNKNOWN", "(IS NULL (= a true))"],
  ["größe > 1", "(> größe 1)"],
])("%s", (text, expected) => {
  expect(parsed(text)).toBe(expected);
});

/** Code and span of the first diagnostic, with what is underlined. */
function problem(text: string): readonly [string, string] {
  const result = parseExpression(text, { node: "filter", param: "where" });
  if (result.ok) return ["", ""];
  const { code, place } = result.diagnostics[0];
  expect(place).toMatchObject({ node: "filter", param: "where" });
  return [code, text.slice(place.span?.start, place.span?.end)];
}

test.each([
  ["", "EXPRESSION_EMPTY", ""],
  [" -- nothing", "EXPRESSION_EMPTY", ""],
  ["a +", "EXPRESSION_SYNTAX", ""],
  ["a b", "EXPRESSION_SYNTAX", "b"],
  ["(a", "EXPRESSION_SYNTAX", ""],
  ["f(a b)", "EXPRESSION_SYNTAX", "b"],
  ["a IN ()", "EXPRESSION_SYNTAX", ")"],
  ["a BETWEEN 1, 2", "EXPRESSION_SYNTAX", ","],
  ["CASE WHEN a THEN b", "EXPRESSION_SYNTAX", ""],
  ["a = THEN", "EXPRESSION_SYNTAX", "THEN"],
  ["'abc", "EXPRESSION_UNTERMINATED", "'abc"],
  ["1 + `abc", "EXPRESSION_UNTERMINATED", "`abc"],
  ["1 /* + 2", "EXPRESSION_UNTERMINATED", "/* + 2"],
  ["a == 1", "EXPRESSION_CHARACTER", "=="],
  ["a && b", "EXPRESSION_CHARACTER", "&&"],
  ['a = "x"', "EXPRESSION_CHARACTER", '"'],
  ["a ? 1 : 2", "EXPRESSION_CHARACTER", "?"],
  ["a = \u0000", "EXPRESSION_CHARACTER", "\u0000"],
  ["\u{1F600} > 1", "EXPRESSION_CHARACTER", "\u{1F600}"],
  ["12abc", "EXPRESSION_NUMBER", "12abc"],
  ["9007199254740993", "EXPRESSION_NUMBER", "9007199254740993"],
  ["1e999", "EXPRESSION_NUMBER", "1e999"],
  ["TIMESTAMP '2026-02-30'", "EXPRESSION_LITERAL", "'2026-02-30'"],
  ["INTERVAL 'five' MINUTE", "EXPRESSION_LITERAL", "'five'"],
  ["INTERVAL '1 24' DAY TO HOUR", "EXPRESSION_LITERAL", "'1 24'"],
  ["INTERVAL '1.5' DAY", "EXPRESSION_LITERAL", "'1.5'"],
  ["INTERVAL '5:00' SECOND TO MINUTE", "EXPRESSION_LITERAL", "'5:00'"],
  ["INTERVAL '5' MONTH", "TIME_UNIT_UNKNOWN", "MONTH"],
  ["CAST(a AS DECIMAL(10, 2))", "EXPRESSION_TYPE_NAME", "DECIMAL"],
  ["a.b(1)", "EXPRESSION_METHOD_CALL", "b"],
  ["COUNT(*) > 1", "EXPRESSION_AGGREGATE", "COUNT"],
  ["\uFF41 > 1", "IDENTIFIER_NOT_NORMAL", "\uFF41"],
])("%s is refused as %s at its place", (text, code, underlined) => {
  expect(problem(text)).toEqual([code, underlined]);
});

test("bounds length and depth, and allows what lies within", () => {
  expect(problem("a".repeat(4097))[0]).toBe("EXPRESSION_TOO_LONG");
  expect(parsed("a".repeat(4096))).toBe("a".repeat(4096));
  expect(problem(`${"(".repeat(64)}a${")".repeat(64)}`)[0]).toBe("EXPRESSION_TOO_DEEP");
  expect(parsed(`${"(".repeat(63)}a${")".repeat(63)}`)).toBe("a");
  expect(problem(`${"a+".repeat(64)}a`)[0]).toBe("EXPRESSION_TOO_DEEP");
  expect(problem(`${"NOT ".repeat(70)}a`)[0]).toBe("EXPRESSION_TOO_DEEP");
  expect(parsed(`${"a OR ".repeat(800)}a`)).toContain("(OR a a a");
});

test("every node knows its place in the text", () => {
  const text = "  UPPER(name) = 'A' AND price > 1";
  const result = parseExpression(text);
  if (!result.ok || result.value.kind !== "call") throw new Error("not parsed");
  const [left, right] = result.value.args;
  expect(text.slice(left.span.start, left.span.end)).toBe("UPPER(name) = 'A'");
  expect(text.slice(right.span.start, right.span.end)).toBe("price > 1");
});
