import { expect, test } from "vitest";
import type { Batch } from "../../column/batch.ts";
import { valueAt } from "../../column/column.ts";
import { checkExpression } from "../check-expression.ts";
import { compileKernel } from "../compile-kernel.ts";
import { functionDocs } from "../function-docs.ts";
import { evaluateExpression } from "../testing/reference-evaluator.ts";
import { fieldTypeOf } from "./function-definition.ts";
import { findFunction, functionsTable } from "./functions-table.ts";

const oneRow: Batch = { length: 1, selection: null, selected: 1, columns: [], time: new Float64Array(1), kinds: null };

const examples = functionsTable.flatMap(({ examples }) => examples.map(({ expression, value }) => [expression, value] as const));

test.each(examples)("%s is %s", (expression, value) => {
  const result = checkExpression(expression, [], {});
  if (!result.ok) throw new Error(result.diagnostics[0].message);
  expect(valueAt(compileKernel(result.value)(oneRow), 0)).toBe(value);
  expect(evaluateExpression(result.value, [])).toBe(value);
});

test("names and aliases are unique, and every overload is well formed", () => {
  const names = functionsTable.flatMap(({ name, aliases }) => [name, ...aliases]);
  expect(new Set(names).size).toBe(names.length);
  const known = new Set(["boolean", "bigint", "double", "string", "timestamp", "interval", "json", "array", undefined]);
  for (const { name, signatures, special } of functionsTable) {
    expect(signatures.length > 0 || special !== null, name).toBe(true);
    for (const { parameters, result, evaluate, nulls } of signatures) {
      for (const { type } of parameters) expect(known, `${name} ${type}`).toContain(fieldTypeOf(type)?.kind);
      expect(known, `${name} ${result}`).toContain(fieldTypeOf(result)?.kind);
      if (nulls === "see") expect(() => evaluate(...([null, null, null] as never[])), name).not.toThrow();
    }
  }
});

test("all functions are documented, all but member access with examples", () => {
  expect(functionDocs.length).toBe(functionsTable.length);
  for (const { name, doc, examples, signatures } of functionDocs) {
    expect(doc, name).toMatch(/^(|-)[^ ].*\.$/);
    expect(signatures.length, name).toBeGreaterThan(0);
    expect(examples.length > 0 || ["CARDINALITY", "a.b", "a[1]"].includes(name), name).toBe(true);
  }
});

test("members of prototypes are no functions", () => {
  for (const name of ["constructor", "__proto__", "toString", "hasOwnProperty"]) expect(findFunction(name)).toBe(undefined);
});
