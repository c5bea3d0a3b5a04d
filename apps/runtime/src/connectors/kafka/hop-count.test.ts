import { expect, test } from "vitest";
import { HopCount, hopHeader, hopsOf } from "./hop-count.ts";

const record = (value: string) => ({ offset: 0, timeMs: 0, key: null, value: null, headers: [[hopHeader, Buffer.from(value)] as const] });

test.each([
  ["3", 3],
  ["", 0],
  ["-1", 0],
  ["1e400", 0],
  ["two", 0],
])("a header that says %j counts as %i", (value, hops) => expect(hopsOf(record(value))).toBe(hops));

test("what is written has come through one more than what was read in the last minutes", () => {
  let nowMs = 0;
  const count = new HopCount({ now: () => nowMs, monotonic: () => nowMs, sleep: async () => {} });
  expect(count.headers()).toEqual({});
  count.note(0);
  expect(count.headers()).toEqual({ [hopHeader]: "1" });
  count.note(4);
  count.note(2);
  expect(count.headers()).toEqual({ [hopHeader]: "5" });
  expect(count.headers()).toBe(count.headers());
  nowMs = 61_000;
  count.note(1);
  expect(count.headers()).toEqual({ [hopHeader]: "5" });
  nowMs = 122_000;
  expect(count.headers()).toEqual({ [hopHeader]: "2" });
  nowMs = 500_000;
  expect(count.headers()).toEqual({});
});
