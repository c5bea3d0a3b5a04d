import { expect, test } from "vitest";
import { checkGraph } from "../check/check-graph.ts";
import { parsePipeline } from "../graph/parse-pipeline.ts";
import { feedParams, smallDocument, smallEdges, smallNodes } from "../graph/small-document.fixture.ts";
import { smallCatalogue } from "../node/small-catalogue.fixture.ts";
import type { JsonObject, JsonValue } from "../types/json-value.ts";
import { explainPlan } from "./explain-plan.ts";
import type { LogicalPlan } from "./logical-plan.ts";
import { type PlanOptions, planGraph } from "./plan-graph.ts";

function plan(nodes: JsonObject = smallNodes, edges: readonly JsonValue[] = smallEdges, options: PlanOptions = {}): LogicalPlan {
  const parsed = parsePipeline(JSON.stringify(smallDocument(nodes, edges)), smallCatalogue);
  if (!parsed.ok) throw new Error(parsed.diagnostics[0].message);
  const { checked, diagnostics } = checkGraph(parsed.value.pipeline, smallCatalogue);
  if (checked === null) throw new Error(JSON.stringify(diagnostics));
  const planned = planGraph(checked, options);
  if (!planned.ok) throw new Error(planned.diagnostics[0].message);
  return planned.value;
}

/** Names of the live fields of a port. */
function live(made: LogicalPlan, id: string, port = "out"): readonly string[] {
  const step = made.steps.find((candidate) => candidate.id === id);
  return (step?.outputs[port].fields ?? []).filter((_, i) => step?.liveFields[port][i]).map((field) => field.name);
}

const edge = (from: string, to: string): JsonObject => ({ from: `${from}.out`, to: `${to}.in` });
const store: JsonObject = { type: "store", version: 1 };
const orders: JsonObject = { orders: { type: "feed", version: 2, params: feedParams } };
const compute = (...fields: readonly (readonly [string, string])[]): JsonObject => ({
  type: "compute",
  version: 1,
  params: { fields: fields.map(([name, value]) => ({ name, value })) },
});

test("steps have stable ids and stand in topological order, edges know their operator", () => {
  const made = plan();
  expect(made.pipelineId).toBe("orders");
  expect(made.steps.map((step) => step.id)).toEqual(["orders:source", "large:filter", "totals:window-aggregate", "kept:sink"]);
  expect(made.edges).toEqual([
    { from: "large.out", to: "totals.in", source: { operator: "large:filter", port: "out" } },
    { from: "orders.out", to: "large.in", source: { operator: "orders:source", port: "out" } },
    { from: "totals.out", to: "kept.in", source: { operator: "totals:window-aggregate", port: "out" } },
  ]);
  expect(made.steps[1].operator).toMatchObject({
    op: "filter",
    input: { operator: "orders:source", port: "out" },
    where: { type: { kind: "boolean" } },
  });
  expect(made.steps[1].inputs).toEqual([made.steps[0].outputs.out]);
});

test("an operator behind several ports, or taken by several nodes, is one step", () => {
  const made = plan({ ...smallNodes, late: store, dead: store, copy: store }, [
    ...smallEdges,
    { from: "totals.late", to: "late.in" },
    { from: "orders.dead_letter", to: "dead.in" },
    edge("totals", "copy"),
  ]);
  expect(made.steps.filter((step) => step.node === "totals")).toHaveLength(1);
  expect(made.steps.find((step) => step.node === "late")?.operator).toMatchObject({
    input: { operator: "totals:window-aggregate", port: "late" },
  });
  expect(made.steps.find((step) => step.node === "dead")?.operator).toMatchObject({
    input: { operator: "orders:source", port: "dead_letter" },
  });
});

test("a source decodes what is read, and its time", () => {
  const made = plan({ ...orders, c: compute(["double", "amount * 2"]), kept: store }, [edge("orders", "c"), edge("c", "kept")]);
  expect(live(made, "orders:source")).toEqual(["amount", "ts"]);
  expect(live(made, "orders:source", "dead_letter")).toEqual([]);
});

test("a field that is computed and not read keeps nothing alive", () => {
  const nodes = {
    ...orders,
    c: compute(["a", "amount * 2"], ["s", "UPPER(service)"]),
    d: compute(["b", "a + 1"]),
    kept: store,
  };
  const made = plan(nodes, [edge("orders", "c"), edge("c", "d"), edge("d", "kept")]);
  expect(live(made, "c:project")).toEqual(["a"]);
  expect(live(made, "orders:source")).toEqual(["amount", "ts"]);
});

test("keys, arguments and filters of a window are read, its late port passes on what is read there", () => {
  const made = plan();
  expect(live(made, "large:filter")).toEqual(["service", "amount"]);
  expect(live(made, "totals:window-aggregate", "late")).toEqual([]);
  const withLate = plan({ ...smallNodes, late: store }, [...smallEdges, { from: "totals.late", to: "late.in" }]);
  expect(live(withLate, "large:filter")).toEqual(["service", "amount", "ts"]);
});

test("an alert reads its conditions and title, and passes on what is read behind it", () => {
  const alert: JsonObject = { type: "alert", version: 1, params: { raiseWhen: "amount > 100", title: "{service} is busy" } };
  const unread = plan({ ...smallNodes, warn: alert }, [...smallEdges, edge("orders", "warn")]);
  expect(live(unread, "orders:source")).toEqual(["service", "amount", "ts"]);
  const made = plan({ ...orders, warn: alert, c: compute(["t", "title"]), kept: store }, [
    edge("orders", "warn"),
    edge("warn", "c"),
    edge("c", "kept"),
  ]);
  expect(live(made, "warn:threshold-alert")).toEqual(["title"]);
});

test("branches and unions pass liveness on by position", () => {
  const split: JsonObject = { type: "split", version: 1, params: { branches: [{ name: "big", where: "amount > 9" }] } };
  const nodes = { ...orders, s: split, all: { type: "merge", version: 1 }, c: compute(["x", "service"]), kept: store };
  const edges = [
    edge("orders", "s"),
    { from: "s.big", to: "all.in" },
    { from: "s.otherwise", to: "all.in" },
    edge("all", "c"),
    edge("c", "kept"),
  ];
  const made = plan(nodes, edges);
  expect(live(made, "s:branch", "big")).toEqual(["service"]);
  expect(live(made, "orders:source")).toEqual(["service", "amount", "ts"]);
});

test("nodes that lead nowhere stay, so that they have numbers", () => {
  const made = plan({ ...smallNodes, spare: { type: "filter", version: 1, params: { where: "amount > 5" } } }, [
    ...smallEdges,
    edge("orders", "spare"),
  ]);
  expect(made.steps.map((step) => step.id)).toContain("spare:filter");
});

test("a preview may keep all fields", () => {
  expect(live(plan(smallNodes, smallEdges, { keepAllFields: true }), "orders:source", "dead_letter")).toEqual([
    "position",
    "reason",
    "raw",
  ]);
});

test("disabled nodes are no steps, and their edges none", () => {
  const made = plan({ ...smallNodes, off: { ...store, disabled: true } }, [...smallEdges, edge("orders", "off")]);
  expect(made.steps.map((step) => step.node)).not.toContain("off");
  expect(made.edges.map((found) => found.to)).not.toContain("off.in");
});

test("a renamed key and time are followed, a computed one is lost", () => {
  const nodes = {
    ...orders,
    k: { type: "key", version: 1, params: { by: "service" } },
    c: compute(["shop", "service"], ["at", "ts"]),
    d: compute(["shop", "UPPER(shop)"], ["at", "at"]),
    kept: store,
  };
  const made = plan(nodes, [edge("orders", "k"), edge("k", "c"), edge("c", "d"), edge("d", "kept")]);
  const out = (id: string) => made.steps.find((step) => step.id === id)?.outputs.out;
  expect(out("k:key-by")).toMatchObject({ key: ["service"], timeField: "ts" });
  expect(out("c:project")).toMatchObject({ key: ["shop"], timeField: "at", time: "event" });
  expect(out("d:project")).toMatchObject({ key: [], timeField: "at" });
});

test("explains a plan", () => {
  expect(explainPlan(plan())).toMatchInlineSnapshot(`
    "pipeline orders

    orders:source
      connector feed, format json
      event time by ts, disorder 0s, null time: drop
      -> out: service string, amount double, ts timestamp | event time in ts, append
      -> dead_letter: [position string], [reason string], [raw string] | no time, append

    large:filter
      <- orders:source.out
      where amount > CAST(100 AS double)
      -> out: service string, amount double, [ts timestamp] | event time in ts, append

    totals:window-aggregate
      <- large:filter.out
      tumbling window of 5m by service
      allowed lateness 0s, output append
      total = sum(amount)
      -> out: service string, window_start timestamp, window_end timestamp, total double | event time, append, key service
      -> late: [service string], [amount double], [ts timestamp] | event time in ts, append

    kept:sink
      <- totals:window-aggregate.out
      connector store, format json
    "
  `);
});
