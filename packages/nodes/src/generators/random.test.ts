import { expect, test } from "vitest";
import { bitsAt, cumulative, pick, randomStream, uniformAt } from "./random.ts";

test("numbers are a function of seed, name and index", () => {
  const stream = randomStream(42, "level");
  const first = [0, 1, 2 ** 31, 2 ** 32, 2 ** 40 + 3].map((i) => bitsAt(stream, i));
  expect([0, 1, 2 ** 31, 2 ** 32, 2 ** 40 + 3].map((i) => bitsAt(randomStream(42, "level"), i))).toEqual(first);
  expect(new Set(first).size).toBe(5);
  expect(bitsAt(randomStream(43, "level"), 0)).not.toBe(first[0]);
  expect(bitsAt(randomStream(42, "lever"), 0)).not.toBe(first[0]);
});

test("numbers are spread evenly, and neighbours know nothing of each other", () => {
  const stream = randomStream(7, "spread");
  const cells = new Float64Array(64);
  const draws = 128_000;
  for (let i = 0; i < draws; i++) cells[Math.floor(uniformAt(stream, i) * 8) * 8 + Math.floor(uniformAt(stream, i + 1) * 8)]++;
  const expected = draws / 64;
  const chiSquare = cells.reduce((sum, seen) => sum + (seen - expected) ** 2 / expected, 0);
  // 63 degrees of freedom: above 120 once in a hundred thousand times.
  expect(chiSquare).toBeLessThan(120);
});

test("weights are picked in proportion", () => {
  const bounds = cumulative([1, 3, 4]);
  expect([0, 0.124, 0.125, 0.499, 0.5, 0.999999].map((u) => pick(bounds, u))).toEqual([0, 0, 1, 1, 2, 2]);
});
