import { expect, it } from "vitest";
import { compareStreamIds, mergeEntries } from "./entry-list.ts";

const ids = (...list: readonly string[]) => list.map((id) => ({ id }));

it("puts what arrived before what is known, newest first, without repeats", () => {
  expect(mergeEntries(ids("5-0", "3-1"), ids("3-1", "9-0", "5-0", "10-0"), 10)).toEqual(ids("10-0", "9-0", "5-0", "3-1"));
});

it("keeps the newest when there are too many", () => {
  expect(mergeEntries(ids("2-0", "1-0"), ids("3-0"), 2)).toEqual(ids("3-0", "2-0"));
});

it("returns the very same list when nothing is new", () => {
  const known = ids("2-0", "1-0");
  expect(mergeEntries(known, ids("1-0"), 10)).toBe(known);
});

it("orders ids as numbers", () => {
  expect(["10-2", "9-10", "10-10", "2-0"].sort(compareStreamIds)).toEqual(["2-0", "9-10", "10-2", "10-10"]);
});
