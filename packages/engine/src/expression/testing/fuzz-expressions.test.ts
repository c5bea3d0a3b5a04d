import fc from "fast-check";
import { expect, test } from "vitest";
import { fuzzExpressions } from "./fuzz-expressions.ts";

test("kernels agree with the reference evaluator", () => {
  expect(fuzzExpressions(1, 2000)).toBe(null);
}, 60_000);

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
