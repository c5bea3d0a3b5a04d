import { expect, test } from "vitest";
import { SlotCounts } from "./slot-counts.ts";

test("counts go on beyond 32 bits, whichever way they grow", () => {
  const counts = new SlotCounts();
  counts.reserve(40);
  expect(counts.column).toBeInstanceOf(Int32Array);
  counts.add(3, 2 ** 31 - 1);
  counts.add(4, 7);
  counts.open(1)[3]++;
  counts.add(3, 2 ** 40);
  counts.add(4, -7);
  expect([counts.get(3), counts.get(4), counts.get(39)]).toEqual([2 ** 31 + 2 ** 40, 0, 0]);
});

test("many records on many slots need no wider counts", () => {
  const counts = new SlotCounts();
  for (let i = 0; i < 3; i++) counts.open(2 ** 30)[i] = 5;
  expect(counts.column).toBeInstanceOf(Int32Array);
  expect(counts.get(2)).toBe(5);
});
