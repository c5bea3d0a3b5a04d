import { expect, test } from "vitest";
import type { Field } from "../types/field-type.ts";
import { checkExpression } from "./check-expression.ts";
import { printExpression } from "./print-expression.ts";
import type { Dialect } from "./print-literal.ts";
import { BatchGenerator } from "./testing/random-batch.ts";
import { ExpressionGenerator } from "./testing/random-expression.ts";
import { RandomSource } from "./testing/random-source.ts";
import { fuzzFields } from "./testing/random-values.ts";
import { evaluateExpression } from "./testing/reference-evaluator.ts";
import type { TypedExpression } from "./typed-expression.ts";

const fields: readonly Field[] = [
  { name: "a", type: { kind: "bigint" } },
  { name: "x", type: { kind: "double" } },
  { name: "s", type: { kind: "string" } },
  { name: "order", type: { kind: "bigint" } },
  { name: "odd name", type: { kind: "string" } },
  { name: "t", type: { kind: "timestamp" } },
  { name: "j", type: { kind: "json" } },
  { name: "device", type: { kind: "row", fields: [{ name: "id", type: { kind: "string" } }] } },
];

function printed(text: string, dialect: Dialect = "flink"): string {
  const result = checkExpression(text, fields, {});
  if (!result.ok) throw new Error(result.diagnostics[0].message);
  return printExpression(result.value, dialect);
}

test.each([
  ["(a + 1) * 2 > 5 and not s is null", "(`a` + 1) * 2 > 5 AND NOT s IS NULL"],
  ["a - (1 - 2) - 3", "`a` - (1 - 2) - 3"],
  ["order * 1.5", "CAST(`order` AS DOUBLE) * 1.5E0"],
  ["`odd name` NOT LIKE 'a%' ESCAPE '!'", "`odd name` NOT LIKE 'a%' ESCAPE '!'"],
  ["t > TIMESTAMP '2026-01-01 00:00:00'", "t > CAST(TIMESTAMP '2026-01-01 00:00:00.000' AS TIMESTAMP_LTZ(3))"],
  ["t - t > INTERVAL '300' SECOND(3)", "(t - t) SECOND > INTERVAL '5' MINUTE"],
  ["FLOOR(t + INTERVAL '1' DAY TO HOUR)", "FLOOR((t + INTERVAL '1' DAY) TO HOUR)"],
  ["t + INTERVAL '7.5' SECOND", "t + INTERVAL '7.500' SECOND"],
  ["t + INTERVAL '100' HOUR(3)", "t + INTERVAL '100' HOUR(3)"],
  ["FLOOR(t TO day)", "FLOOR(t TO DAY)"],
  ["RIGHT(s, a) || REPEAT(s, 3)", "RIGHT(s, CAST(`a` AS INT)) || REPEAT(s, 3)"],
  ["ROUND(x, a + 1)", "ROUND(x, CAST(`a` + 1 AS INT))"],
  ["s LIKE 'a\\%'", "s LIKE 'a\\%' ESCAPE '!'"],
  ["s NOT LIKE '!\\%'", "s NOT LIKE '!\\%' ESCAPE '#'"],
  ["t + INTERVAL '1830' MINUTE(4)", "t + INTERVAL '1 06:30:00.000' DAY(3) TO SECOND(3)"],
  ["t + INTERVAL '-1500.5' SECOND(4, 3)", "t + INTERVAL '-0 00:25:00.500' DAY(3) TO SECOND(3)"],
  ["t + INTERVAL '86400001' SECOND(8)", "t + (INTERVAL '1' DAY * 1000 + INTERVAL '0 00:00:01.000' DAY(3) TO SECOND(3))"],
  ["STARTS_WITH(s, 'it''s')", "(POSITION('it''s' IN s) = 1)"],
  ["CONTAINS(s, 'b' || s)", "(POSITION('b' || s IN s) > 0)"],
  ["UNIX_TIMESTAMP(t)", "UNIX_TIMESTAMP(CAST(t AS STRING))"],
  ["MOD(a, 7)", "`a` % 7"],
  ["CAST(s AS BIGINT)", "TRY_CAST(s AS BIGINT)"],
  ["CAST(a AS STRING)", "CAST(`a` AS STRING)"],
  ["a / a", "`a` / NULLIF(`a`, 0)"],
  ["x % 2", "x % CAST(2 AS DOUBLE)"],
  ["a / 60", "`a` / 60"],
  ["a / CAST(0.5 AS BIGINT)", "`a` / NULLIF(CAST(0.5E0 AS BIGINT), 0)"],
  ["TO_TIMESTAMP(s) < t", "CAST(TO_TIMESTAMP(s) AS TIMESTAMP_LTZ(3)) < t"],
  ["device.id", "device.id"],
  ["CAST(j.x.y[1] AS DOUBLE)", "TRY_CAST(JSON_VALUE(j, '$.x.y[0]') AS DOUBLE)"],
  ["CAST(j.x AS STRING)", "COALESCE(JSON_VALUE(j, '$.x'), JSON_QUERY(j, '$.x'))"],
  ["CAST(j AS BIGINT)", "TRY_CAST(j AS BIGINT)"],
  ["JSON_VALUE(j.x['odd name'], '$.y')", "JSON_VALUE(j, '$.x[''odd name''].y')"],
  ["j.x IS NULL", "COALESCE(JSON_VALUE(j, '$.x'), JSON_QUERY(j, '$.x')) IS NULL"],
  ["CASE a WHEN 1 THEN s END", "CASE `a` WHEN 1 THEN s ELSE CAST(NULL AS STRING) END"],
])("%s becomes %s for Flink", (text, expected) => {
  expect(printed(text)).toBe(expected);
});

/** The expression without spans. */
function plain(expression: TypedExpression): unknown {
  const { span: _, ...rest } = expression;
  if (rest.kind === "call") return { ...rest, args: rest.args.map(plain) };
  return rest.kind === "literal" && Object.is(rest.value, -0) ? { ...rest, value: "-0" } : rest;
}

function usesJson(expression: TypedExpression): boolean {
  return expression.type.kind === "json" || (expression.kind === "call" && expression.args.some(usesJson));
}

test("what is printed is checked to the same expression again", () => {
  for (let seed = 0; seed < 2000; seed++) {
    const expression = new ExpressionGenerator(new RandomSource(seed), fuzzFields).any(4);
    const text = printExpression(expression, "millrace");
    if (text.length > 4096) continue;
    const again = checkExpression(text, fuzzFields, {});
    if (!again.ok) throw new Error(`${again.diagnostics[0].message} in ${text}`);
    expect(plain(again.value)).toEqual(plain(expression));
  }
}, 60_000);

test("what is printed for Flink has the same value here", () => {
  let compared = 0;
  for (let seed = 0; seed < 2000; seed++) {
    const random = new RandomSource(seed);
    const expression = new ExpressionGenerator(random, fuzzFields).any(4);
    const text = printExpression(expression);
    if (text.length > 4096 || usesJson(expression)) continue;
    const again = checkExpression(text, fuzzFields, {});
    if (!again.ok) throw new Error(`${again.diagnostics[0].message} in ${text}`);
    const { rows } = new BatchGenerator(random, fuzzFields).next(8);
    for (const row of rows) expect(evaluateExpression(again.value, row)).toEqual(evaluateExpression(expression, row));
    compared++;
  }
  expect(compared).toBeGreaterThan(1000);
}, 60_000);
