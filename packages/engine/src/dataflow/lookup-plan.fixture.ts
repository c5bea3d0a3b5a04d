import { lookupTypes } from "../plan/join-type.ts";
import type { LogicalPlan, PlannedOperator, PlanStep } from "../plan/logical-plan.ts";
import { fieldOf } from "../testing/plan-step.ts";
import { stringType } from "../types/field-type.ts";
import { countingPlan } from "./counting-plan.fixture.ts";

type LookupJoin = Extract<PlannedOperator, { op: "lookup-join" }>;

/**
 * `countingPlan` with a lookup before the window: the label of each key, from the connector `labels`, by which rows are
 * counted. Dead letters go to the sink `lost:sink`.
 */
export function lookupPlan(change: Partial<LookupJoin> = {}): LogicalPlan {
  const [source, window, sink] = countingPlan().steps;
  const input = source.outputs.out;
  const operator: LookupJoin = {
    op: "lookup-join",
    input: { operator: source.id, port: "out" },
    kind: "left",
    connector: "labels",
    options: {},
    keys: [{ name: "id", value: fieldOf(input, "key") }],
    fields: [{ name: "label", type: stringType }],
    rightPrefix: "right_",
    order: "ordered",
    capacity: 4,
    timeoutMs: 1000,
    retries: 2,
    cache: null,
    onFailure: "dead-letter",
    ...change,
  };
  const outputs = lookupTypes(operator, input);
  const live = Object.fromEntries(Object.entries(outputs).map(([port, type]) => [port, type.fields.map(() => true)]));
  const lookup: PlanStep = { id: "labels:lookup-join", node: "labels", operator, inputs: [input], outputs, liveFields: live };
  if (window.operator.op !== "window-aggregate" || sink.operator.op !== "sink") throw new Error("the counting plan is another");
  const label = { name: "label", type: stringType };
  const counts: PlanStep = {
    ...window,
    operator: { ...window.operator, input: { operator: lookup.id, port: "out" }, keyBy: ["label"] },
    inputs: [outputs.out],
    outputs: { out: { ...window.outputs.out, fields: [label, ...window.outputs.out.fields.slice(1)] }, late: outputs.out },
    liveFields: { ...window.liveFields, late: [true, true, true] },
  };
  const lost: PlanStep = {
    ...sink,
    id: "lost:sink",
    node: "lost",
    operator: { ...sink.operator, input: { operator: lookup.id, port: "dead_letter" } },
    inputs: [outputs.dead_letter],
  };
  return { pipelineId: "p", steps: [source, lookup, counts, { ...sink, inputs: [counts.outputs.out] }, lost], edges: [] };
}
