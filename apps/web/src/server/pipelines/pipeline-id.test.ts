import { expect, it } from "vitest";
import { freeId, pipelineId, suggestId } from "./pipeline-id.ts";

it.each([
  ["Error spike by service", "error-spike-by-service"],
  ["  Überwachung & Café  ", "uberwachung-cafe"],
  ["2024 sales", "sales"],
  ["日本語", "pipeline"],
  ["---", "pipeline"],
  ["__proto__", "proto"],
])("suggests for %s the id %s", (name, id) => {
  expect(suggestId(name)).toBe(id);
  expect(pipelineId.safeParse(id).success).toBe(true);
});

it("stays within what an id may be, with room for a number", () => {
  const id = freeId(suggestId("x".repeat(500)), new Set([suggestId("x".repeat(500))]));
  expect(pipelineId.safeParse(id).success).toBe(true);
});

it("counts up to a free id", () => {
  expect(freeId("a", new Set(["a", "a-2"]))).toBe("a-3");
});

it.each(["../etc", "A", "1a", "", "a b", "a.b", "x".repeat(64)])("refuses %s as an id", (id) => {
  expect(pipelineId.safeParse(id).success).toBe(false);
});
