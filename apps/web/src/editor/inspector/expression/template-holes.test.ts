import { expect, it } from "vitest";
import { holeAt, templateHoles } from "./template-holes.ts";

const holes = (text: string) => templateHoles(text).map((hole) => text.slice(hole.start, hole.end));

it("finds what is to be filled in", () => {
  expect(holes("{service}: {errors} errors")).toEqual(["service", "errors"]);
  expect(holes("{{not}} {a}")).toEqual(["a"]);
  expect(holes("{CONCAT('}', `b}`)} x")).toEqual(["CONCAT('}', `b}`)"]);
  expect(holes("open {abc")).toEqual(["abc"]);
  expect(holes("no } hole")).toEqual([]);
});

it("knows in which hole one writes", () => {
  expect(holeAt("a {b} c", 3)).toEqual({ start: 3, end: 4 });
  expect(holeAt("a {b} c", 4)).toEqual({ start: 3, end: 4 });
  expect(holeAt("a {b} c", 5)).toBeNull();
});
