import { expect, test } from "vitest";
import { retryAfterMs, retryDelayMs } from "./retry-delay.ts";

test("pauses double up to the most, between half and the whole of each", () => {
  const backOff = { firstMs: 100, mostMs: 1000 };
  expect([1, 2, 3, 4, 5, 1000].map((attempt) => retryDelayMs(attempt, backOff, 0))).toEqual([50, 100, 200, 400, 500, 500]);
  expect([1, 2, 3, 4, 5, 1000].map((attempt) => retryDelayMs(attempt, backOff, 1))).toEqual([100, 200, 400, 800, 1000, 1000]);
});

test.each([
  ["7", 7000],
  ["Wed, 15 Nov 2023 00:00:10 GMT", 10_000],
  ["Wed, 15 Nov 2023 00:00:00 GMT", 0],
  ["Tue, 14 Nov 2023 00:00:00 GMT", 0],
  ["999999999", 60_000],
  ["soon", null],
  ["", null],
  [null, null],
])("Retry-After %j", (header, expected) => {
  expect(retryAfterMs(header, Date.UTC(2023, 10, 15), 60_000)).toBe(expected);
});
