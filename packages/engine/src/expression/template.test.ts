import fc from "fast-check";
import { expect, test } from "vitest";
import type { Field } from "../types/field-type.ts";
import { checkExpression } from "./check-expression.ts";
import { checkTemplate, templateToExpression } from "./template.ts";
import { evaluateExpression } from "./testing/reference-evaluator.ts";

const fields: readonly Field[] = [
  { name: "name", type: { kind: "string" } },
  { name: "amount", type: { kind: "bigint" } },
  { name: "ratio", type: { kind: "double" } },
  { name: "ok", type: { kind: "boolean" } },
  { name: "tags", type: { kind: "array", of: { kind: "string" } } },
];
const row = ["Ann", 3, 0.5, true, ["x"]];

function rendered(template: string, values: readonly unknown[] = row): unknown {
  const result = checkTemplate(template, fields, {});
  if (!result.ok) throw new Error(result.diagnostics[0].message);
  expect(result.value.type.kind).toBe("string");
  return evaluateExpression(result.value, values);
}

test.each([
  ["", ""],
  ["plain 'text'", "plain 'text'"],
  ["{name}", "Ann"],
  ["Hello {name}: {amount + 1} of {ratio}, {ok}!", "Hello Ann: 4 of 0.5, TRUE!"],
  ['{{"name": "{name}"}}', '{"name": "Ann"}'],
  ["{CONCAT('}', name, '{')}", "}Ann{"],
  ["{name -- who\n}.", "Ann."],
  ["{ /* } */ name }", "Ann"],
  ["a\nb\t{amount}", "a\nb\t3"],
])("%j gives %j", (template, expected) => {
  expect(rendered(template)).toBe(expected);
  const expression = templateToExpression(template);
  const checked = expression.ok ? checkExpression(expression.value, fields, {}, "string") : expression;
  expect(checked.ok && evaluateExpression(checked.value, row)).toBe(expected);
});

test("NULL is nothing", () => {
  expect(rendered("<{name}|{amount}>", [null, null, null, null, null])).toBe("<|>");
});

test.each([
  ["a } b", "TEMPLATE_BRACE", 2, 3],
  ["ab {name", "TEMPLATE_HOLE_OPEN", 3, 4],
  ["ab {}", "EXPRESSION_EMPTY", 4, 4],
  ["ab {nam}", "UNKNOWN_FIELD", 4, 7],
  ["{name} {amount +}", "EXPRESSION_SYNTAX", 16, 16],
  ["{name} {'x}", "EXPRESSION_UNTERMINATED", 8, 11],
  ["{{ {tags}", "CAST_UNSUPPORTED", 4, 8],
  [`{${"(".repeat(62)}amount${")".repeat(62)}}`, "EXPRESSION_TOO_DEEP", 62, 63],
])("%s is refused at its place in the template", (template, code, start, end) => {
  const result = checkTemplate(template, fields, { node: "n" });
  expect(result.ok ? null : result.diagnostics[0]).toMatchObject({ code, place: { node: "n", span: { start, end } } });
});

test("is as long as an expression may be", () => {
  expect(templateToExpression("x".repeat(4094)).ok).toBe(true);
  for (const template of ["x".repeat(4095), "{a}".repeat(200), "'".repeat(3000)]) {
    expect(checkTemplate(template, fields, {})).toMatchObject({ ok: false, diagnostics: [{ code: "TEMPLATE_TOO_LONG" }] });
    expect(templateToExpression(template)).toMatchObject({ ok: false, diagnostics: [{ code: "TEMPLATE_TOO_LONG" }] });
  }
});

test("any text survives when its braces are doubled", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
      expect(rendered(text.replace(/[{}]/g, "$&$&"))).toBe(text);
    }),
  );
});
