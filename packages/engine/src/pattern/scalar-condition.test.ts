import fc from "fast-check";
import { expect, test } from "vitest";
import { createBatchBuilder } from "../column/batch-builder.ts";
import { valueAt } from "../column/column.ts";
import { checkExpression } from "../expression/check-expression.ts";
import { compileKernel } from "../expression/compile-kernel.ts";
import { bigintType, booleanType, doubleType, type Field, stringType, timestampType } from "../types/field-type.ts";
import { compileScalar } from "./scalar-condition.ts";

const fields: readonly Field[] = [
  { name: "n", type: bigintType },
  { name: "m", type: bigintType },
  { name: "x", type: doubleType },
  { name: "ok", type: booleanType },
  { name: "at", type: timestampType },
  { name: "name", type: stringType },
];

function typed(text: string) {
  const checked = checkExpression(text, fields, {});
  if (!checked.ok) throw new Error(`${text}: ${checked.diagnostics[0].message}`);
  return checked.value;
}

const numbers = fc.oneof(
  fc.constantFrom("n", "m", "x", "3", "-2.5", "NULL + 1"),
  fc.constantFrom("n + m", "x - 1", "n - 9007199254740991", "x + n"),
);
const comparison = fc
  .tuple(numbers, fc.constantFrom("=", "<>", "<", "<=", ">", ">="), numbers)
  .map(([left, operator, right]) => `${left} ${operator} ${right}`);
const simple = fc.oneof(
  comparison,
  numbers.map((of) => `(${of}) IS NULL`),
  fc.constantFrom("ok", "name IS NOT NULL", "at < at", "TRUE", "CAST(NULL AS BOOLEAN)"),
);
const condition = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { depthSize: "small" },
    simple,
    fc.tuple(tie("any"), fc.constantFrom("AND", "OR"), tie("any")).map(([left, word, right]) => `(${left}) ${word} (${right})`),
    tie("any").map((of) => `NOT (${of})`),
  ),
})).any;
const value = fc.constantFrom(null, -9007199254740991, -1, 0, 1, 2, 3, 9007199254740991);
const row = fc.tuple(
  value,
  value,
  fc.constantFrom(null, -2.5, 0, 0.5, 3, 1.7e308),
  fc.constantFrom(null, true, false),
  fc.constantFrom(null, 0, 1000),
  fc.constantFrom(null, "a"),
);

test("single rows come out as the kernels have them", () => {
  let compiled = 0;
  fc.assert(
    fc.property(condition, row, (text, values) => {
      const expression = typed(text);
      const scalar = compileScalar(expression);
      if (scalar === null) return;
      compiled++;
      const builder = createBatchBuilder(fields, { capacity: 1 });
      builder.appendRow(values, 0);
      expect(scalar(values), text).toBe(valueAt(compileKernel(expression)(builder.build()), 0));
    }),
    { numRuns: 1000 },
  );
  expect(compiled).toBeGreaterThan(600);
});

test("what is not known is left to the kernels", () => {
  for (const text of ["name = 'a'", "n * 2 > 1", "UPPER(name) IS NULL", "CAST(x AS BIGINT) = 1"])
    expect(compileScalar(typed(text)), text).toBeNull();
});
