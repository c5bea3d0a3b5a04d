import { checkGraph, type PipelineDocument, parsePipeline, planGraph, writePipeline } from "@millrace/engine";
import { describe, expect, test } from "vitest";
import { catalogue } from "../catalogue.ts";
import { streamFields } from "../generators/stream-fields.ts";
import { crossings, edgesThroughCards, overlaps } from "../testing/layout-problems.ts";
import { firstFraudScore } from "./first-fraud-score.fixture.ts";
import type { Template } from "./template.ts";
import { templateOnKafka } from "./template-on-kafka.ts";
import { templates } from "./templates.ts";

function documentOf(template: Template): PipelineDocument {
  return parsedDocument(template.document);
}

function parsedDocument(text: string): PipelineDocument {
  const parsed = parsePipeline(text, catalogue);
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

describe.each(templates.flatMap((template) => (template.kafka === undefined ? [] : [[template.id, template] as const])))(
  "%s over Kafka",
  (_, template) => {
    const simulated = documentOf(template);
    const { pipeline, layout } = parsedDocument(templateOnKafka(template, { connection: "cluster", topics: { payments: "eu.payments" } }));

    test("is the same graph in the same places, but for its sources and its sink", () => {
      expect(pipeline.edges).toEqual(simulated.pipeline.edges);
      expect(layout).toEqual(simulated.layout);
      const changed = Object.keys(pipeline.nodes).filter((slug) => pipeline.nodes[slug].type !== simulated.pipeline.nodes[slug].type);
      expect(changed.sort()).toEqual((template.kafka ?? []).map(({ node }) => node).sort());
      for (const slug of Object.keys(pipeline.nodes)) {
        expect(pipeline.nodes[slug].label).toBe(simulated.pipeline.nodes[slug].label);
        if (!changed.includes(slug)) expect(pipeline.nodes[slug]).toEqual(simulated.pipeline.nodes[slug]);
      }
    });

    test("checks without a finding, can be planned, and reads the topics that were named", () => {
      const report = checkGraph(pipeline, catalogue);
      expect(report.diagnostics).toEqual([]);
      if (report.checked === null) throw new Error("no errors, but nothing checked");
      const planned = planGraph(report.checked);
      if (!planned.ok) throw new Error(planned.diagnostics[0].message);
      const topics = planned.value.steps.flatMap(({ node, operator }) =>
        operator.op === "source" ? [[node, operator.options.topics, operator.options.connection]] : [],
      );
      expect(topics.sort()).toEqual([
        ["payments", ["eu.payments"], "cluster"],
        ["profiles", ["customer-profiles"], "cluster"],
      ]);
    });

    test("reads records as the generators make them", () => {
      const fieldsOf = (place: string) => template.kafka?.find(({ node }) => node === place)?.params.fields;
      const declared = (fields: readonly { readonly name: string; readonly type: { readonly kind: string } }[]) =>
        fields.map(({ name, type }) => ({ name, type: type.kind }));
      expect(fieldsOf("payments")).toEqual(declared(streamFields.payments));
      expect(fieldsOf("profiles")).toEqual(declared(streamFields.crm));
    });
  },
);

test("a pipeline that was made of an earlier template still opens, checks and can be planned", () => {
  const { pipeline } = parsedDocument(firstFraudScore);
  const { checked, diagnostics } = checkGraph(pipeline, catalogue);
  expect(diagnostics).toEqual([]);
  expect(checked === null ? null : planGraph(checked)).toMatchObject({ ok: true });
});
