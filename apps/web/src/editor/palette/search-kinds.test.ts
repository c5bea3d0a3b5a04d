import { expect, it } from "vitest";
import { sampleCatalogue } from "../document/testing/sample-catalogue.ts";
import { searchKinds } from "./search-kinds.ts";

const labels = (query: string) => searchKinds(sampleCatalogue.definitions, query).map((definition) => definition.label);

it("finds by label, type, category and summary, best first", () => {
  expect(labels("")).toHaveLength(5);
  expect(labels("fil")[0]).toBe("Filter");
  expect(labels("fil")).toContain("Read a file");
  expect(labels("a FILE")).toEqual(["Read a file", "Write a file"]);
  expect(labels("merges")).toEqual(["Union"]);
  expect(labels("source")).toEqual(["Read a file"]);
  expect(labels("nothing like it")).toEqual([]);
});
