import fc from "fast-check";
import { expect, test } from "vitest";
import { fuzzJsonDecoder } from "./fuzz-json-decoder.ts";

test("the decoder agrees with JSON.parse on a hundred thousand lines, whole and mutilated", () => {
  const { lines, disagreement } = fuzzJsonDecoder(1, 8_200);
  expect(disagreement).toBe(null);
  expect(lines).toBeGreaterThan(100_000);
}, 60_000);

test("the decoder agrees with JSON.parse at seeds never seen before", () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      expect(fuzzJsonDecoder(seed, 10).disagreement).toBe(null);
    }),
    { numRuns: 100 },
  );
}, 60_000);
