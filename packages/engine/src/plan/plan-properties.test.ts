import fc from "fast-check";
import { expect, test } from "vitest";
import { checkGraph } from "../check/check-graph.ts";
import type { TypedExpression } from "../expression/typed-expression.ts";
import { parsePipeline } from "../graph/parse-pipeline.ts";
import { feedParams, smallDocument } from "../graph/small-document.fixture.ts";
import { smallCatalogue } from "../node/small-catalogue.fixture.ts";
import type { JsonObject } from "../types/json-value.ts";
import { explainPlan } from "./explain-plan.ts";
import type { PlanInput } from "./logical-operator.ts";
import type { LogicalPlan, PlanStep } from "./logical-plan.ts";
import { operatorExpressions, operatorInputs } from "./map-operator.ts";
import { planGraph } from "./plan-graph.ts";

const rarely = (weight: number, text: string) => ({ weight, arbitrary: fc.constant(text) });
const expression = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom("amount > 1", "service = 'a'", "service IS NOT NULL", "1 = 1") },
  rarely(1, "n > 2"),
  rarely(1, "("),
);
const named = (name: string, ...values: readonly string[]) => fc.record({ name: fc.constant(name), value: fc.constantFrom(...values) });
const seldom: readonly JsonObject[] = [
  { type: "teleport", version: 1 },
  { type: "faulty", version: 1 },
];
const good: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.record({ where: expression }).map((params) => ({ type: "filter", version: 1, params })),
  fc
    .tuple(named("service", "service", "UPPER(service)"), named("amount", "amount", "amount * 2", "1"), named("ts", "ts", "NULL"))
    .map((fields) => ({ type: "compute", version: 1, params: { fields } })),
  fc
    .record({
      keyBy: fc.constantFrom([], ["service"]),
      kind: fc.constantFrom("tumbling", "hopping"),
      aggregates: fc.constantFrom(
        [{ as: "amount", fn: "sum", argument: "amount" }],
        [
          { as: "amount", fn: "count" },
          { as: "ts", fn: "last", argument: "ts", filter: "amount > 0" },
        ],
      ),
    })
    .map((params) => ({ type: "window", version: 1, params })),
  fc.constantFrom<JsonObject>(
    { type: "key", version: 1, params: { by: "service" } },
    { type: "merge", version: 1 },
    { type: "store", version: 1 },
    { type: "alert", version: 1, params: { raiseWhen: "amount > 3", title: "{service}" } },
    { type: "split", version: 1, params: { branches: [{ name: "big", where: "amount > 5" }] } },
  ),
);

const node = fc.oneof({ weight: 30, arbitrary: good }, { weight: 1, arbitrary: fc.constantFrom(...seldom) });
const port = fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(1) });
const outputs: Readonly<Record<string, readonly string[]>> = {
  feed: ["out", "dead_letter"],
  window: ["out", "late"],
  split: ["big", "otherwise"],
  store: [],
};

/** Graphs in which every node takes its records from one before it; most are good, some are not. */
const documents = fc.array(fc.record({ node, from: fc.nat(), port, disabled: fc.nat(12) }), { minLength: 1, maxLength: 9 }).map((parts) => {
  const nodes: Record<string, JsonObject> = { n0: { type: "feed", version: 2, params: feedParams } };
  const edges: JsonObject[] = [{ from: "n0.out", to: "end.in" }];
  nodes.end = { type: "store", version: 1 };
  parts.forEach((part, i) => {
    const slug = `n${i + 1}`;
    const from = `n${part.from % (i + 1)}`;
    const ports = outputs[String(nodes[from].type)] ?? ["out"];
    nodes[slug] = part.disabled === 0 ? { ...part.node, disabled: true } : part.node;
    if (ports.length > 0) edges.push({ from: `${from}.${ports[part.port % ports.length]}`, to: `${slug}.in` });
  });
  return smallDocument(nodes, edges);
});

test("a check always ends with a report of every node, and what it passes can be planned", () => {
  let planned = 0;
  fc.assert(
    fc.property(documents, (document) => {
      const parsed = parsePipeline(JSON.stringify(document), smallCatalogue);
      if (!parsed.ok) throw new Error(parsed.diagnostics[0].message);
      const { pipeline } = parsed.value;
      const report = checkGraph(pipeline, smallCatalogue);
      expect([...report.nodes.keys()].sort()).toEqual(Object.keys(pipeline.nodes).sort());
      expect(report.checked === null).toBe(report.diagnostics.some((found) => found.severity === "error"));
      if (report.checked === null) return;
      const plan = planGraph(report.checked);
      if (!plan.ok) throw new Error(plan.diagnostics[0].message);
      planned++;
      inspect(plan.value);
    }),
    { numRuns: 600 },
  );
  expect(planned).toBeGreaterThan(50);
});

function inspect(plan: LogicalPlan): void {
  const before = new Map<string, PlanStep>();
  for (const step of plan.steps) {
    const inputs = operatorInputs<unknown, PlanInput>(step.operator);
    inputs.forEach((input, i) => {
      // A step stands behind its inputs, and is typed as they are.
      const source = before.get(input.operator);
      expect(source?.outputs[input.port]).toBe(step.inputs[i]);
    });
    for (const [port, type] of Object.entries(step.outputs)) {
      expect(step.liveFields[port]).toHaveLength(type.fields.length);
      expect(new Set(type.fields.map((field) => field.name)).size).toBe(type.fields.length);
      for (const key of type.key) expect(type.fields.map((field) => field.name)).toContain(key);
    }
    expectReadFieldsAreLive(step, inputs, before);
    expect(before.has(step.id)).toBe(false);
    before.set(step.id, step);
  }
  for (const edge of plan.edges) expect(before.get(edge.source.operator)?.outputs[edge.source.port]).toBeDefined();
  expect(explainPlan(plan)).toContain(plan.steps[0].id);
}

/** What a step reads is live where it comes from; projections that nothing reads are not evaluated. */
function expectReadFieldsAreLive(step: PlanStep, inputs: readonly PlanInput[], before: ReadonlyMap<string, PlanStep>): void {
  if (inputs.length === 0) return;
  const live = before.get(inputs[0].operator)?.liveFields[inputs[0].port] ?? [];
  const { operator } = step;
  const read =
    operator.op === "project"
      ? operator.fields.filter((_, i) => step.liveFields.out[i]).map((field) => field.value)
      : operatorExpressions<TypedExpression, PlanInput>(operator);
  for (const index of read.flatMap(fieldsOf)) expect(live[index]).toBe(true);
  if (operator.op === "sink") expect(live).not.toContain(false);
  if (operator.op === "window-aggregate") {
    for (const name of step.outputs.out.key) expect(live[step.inputs[0].fields.findIndex((field) => field.name === name)]).toBe(true);
  }
}

function fieldsOf(expression: TypedExpression): readonly number[] {
  if (expression.kind === "literal") return [];
  return expression.kind === "field" ? [expression.index] : expression.args.flatMap(fieldsOf);
}
