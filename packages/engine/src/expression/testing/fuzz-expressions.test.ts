import fc from "fast-check";
import { expect, test } from "vitest";
import { functionsTable } from "../functions/functions-table.ts";
import { fuzzExpressions } from "./fuzz-expressions.ts";
import { referenceNames } from "./reference-evaluator.ts";

test("there is a reference for every function", () => {
  const missing = functionsTable.map(({ name }) => name).filter((name) => !referenceNames.has(name));
  expect(missing).toEqual([]);
});

test("kernels agree with the reference evaluator", () => {
  expect(fuzzExpressions(1, 20_000)).toBe(null);
}, 120_000);

test("half of a character is not trimmed as if it were the whole", () => {
  expect(fuzzExpressions(20_685, 1)).toBe(null);
  expect(fuzzExpressions(113_570, 1)).toBe(null);
});

test("kernels agree with the reference evaluator at seeds never seen before", () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      expect(fuzzExpressions(seed, 10)).toBe(null);
    }),
    { numRuns: 100 },
  );
}, 60_000);

test("the same seed makes the same cases", () => {
  expect(fuzzExpressions(-7, 5)).toEqual(fuzzExpressions(-7, 5));
});
