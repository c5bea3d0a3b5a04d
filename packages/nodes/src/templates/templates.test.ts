import { checkGraph, type PipelineDocument, parsePipeline, planGraph, writePipeline } from "@millrace/engine";
import { describe, expect, test } from "vitest";
import { catalogue } from "../catalogue.ts";
import { crossings, edgesThroughCards, overlaps } from "../testing/layout-problems.ts";
import type { Template } from "./template.ts";
import { templates } from "./templates.ts";

function documentOf(template: Template): PipelineDocument {
  const parsed = parsePipeline(template.document, catalogue);
  if (!parsed.ok) throw new Error(parsed.diagnostics.map((found) => found.message).join("\n"));
  expect(parsed.warnings).toEqual([]);
  return parsed.value;
}

test("ids are unique and are the ids of the pipelines", () => {
  expect(new Set(templates.map((template) => template.id)).size).toBe(templates.length);
  for (const template of templates) expect(documentOf(template).pipeline.id).toBe(template.id);
});

describe.each(templates.map((template) => [template.id, template] as const))("%s", (_, template) => {
  test("is canonical: reading and writing it gives the same bytes", () => {
    expect(writePipeline(documentOf(template), catalogue)).toBe(template.document);
  });

  test("checks without a finding and can be planned", () => {
    const report = checkGraph(documentOf(template).pipeline, catalogue);
    expect(report.diagnostics).toEqual([]);
    if (report.checked === null) throw new Error("no errors, but nothing checked");
    expect(planGraph(report.checked)).toMatchObject({ ok: true });
  });

  test("says what it does and teaches", () => {
    expect(template.title).toMatch(/^[A-Z].{5,60}$/);
    expect(template.summary).toMatch(/^[A-Z].{20,160}\.$/);
    expect(template.description.split("\n\n").length).toBeGreaterThan(3);
    expect(template.teaches.length).toBeGreaterThan(0);
  });

  test("is laid out on the grid, without overlaps and crossings", () => {
    const { layout, pipeline } = documentOf(template);
    expect(Object.keys(layout.nodes).sort()).toEqual(Object.keys(pipeline.nodes).sort());
    for (const { x, y } of [...Object.values(layout.nodes), ...layout.notes]) expect([x % 4, y % 4]).toEqual([0, 0]);
    expect(overlaps(layout)).toEqual([]);
    expect(crossings(pipeline, layout, catalogue)).toEqual([]);
    expect(edgesThroughCards(pipeline, layout, catalogue)).toEqual([]);
  });
});
