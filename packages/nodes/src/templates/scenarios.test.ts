import {
  checkGraph,
  createMemoryCheckpointStore,
  createMemorySink,
  createPipelineRun,
  type JsonObject,
  mapOperator,
  parsePipeline,
  planGraph,
} from "@millrace/engine";
import { createSimulatedClock } from "@millrace/engine/testing";
import { describe, expect, test } from "vitest";
import { catalogue } from "../catalogue.ts";
import { generatorConnectors } from "../generators/generator-connector.ts";
import { clickSessions } from "./click-sessions.template.ts";
import { fraudScore } from "./fraud-score.template.ts";
import type { Template } from "./template.ts";

/** Rows of each sink of a template whose generators bring so many records each, as fast as they can. */
async function runTemplate(template: Template, counts: Readonly<Record<string, number>>): Promise<(slug: string) => readonly JsonObject[]> {
  const parsed = parsePipeline(template.document, catalogue);
  const checked = parsed.ok ? checkGraph(parsed.value.pipeline, catalogue).checked : null;
  const planned = checked === null ? null : planGraph(checked);
  if (planned === null || !planned.ok) throw new Error("the template cannot be planned");
  const steps = planned.value.steps.map((step) => {
    if (step.operator.op !== "source") return step;
    const options = { ...step.operator.options, count: counts[step.node], speed: null, start: "2026-01-01T00:00:00Z" };
    return {
      ...step,
      operator: mapOperator(
        { ...step.operator, options },
        (e) => e,
        (i) => i,
      ),
    };
  });
  const sink = createMemorySink();
  const run = createPipelineRun({
    plan: { ...planned.value, steps } as typeof planned.value,
    graphHash: "template",
    checkpointIntervalMs: 1000,
    connectors: { sources: generatorConnectors, sinks: new Map(["live-table", "alert-inbox", "redis-rows"].map((name) => [name, sink])) },
    store: createMemoryCheckpointStore(),
    clock: createSimulatedClock(),
    startFrom: "latest",
  });
  expect(await run.run()).toBe("finished");
  expect(run.metrics().unaccounted).toBe(0);
  return (slug) => sink.rows(`${slug}:sink`);
}

describe("the scenarios of the gallery", () => {
  test("fraud: every payment is scored once, tested cards are found, alerts are raised", async () => {
    const rows = await runTemplate(fraudScore, { payments: 40_000, profiles: 8000 });
    const scored = rows("scored");
    expect(scored.length).toBeGreaterThan(38_000);
    expect(new Set(scored.map((row) => row.transaction_id)).size).toBe(scored.length);
    expect(scored.some((row) => row.tier !== null)).toBe(true);
    for (const row of scored) expect(Number(row.score)).toBeLessThanOrEqual(100);
    for (const row of scored) expect(row.reasons === "", String(row.reasons)).toBe(Number(row.score) === 0);
    const told = scored.map((row) => String(row.reasons)).join("\n");
    for (const reason of ["no profile", "customer is blocked", "three times the usual", "new customer", "payments within an hour"]) {
      expect(told).toContain(reason);
    }
    expect(rows("card_alerts").length).toBeGreaterThan(3);
    for (const row of rows("card_alerts")) expect(Number(row.tries)).toBeGreaterThanOrEqual(3);
    const features = rows("features");
    expect(features.length).toBe(scored.length);
    expect(features[0]._redis_name).toBe(`features:${String(scored[0].customer_id)}`);
    expect(rows("alerts").filter((row) => row.transition === "raised").length).toBeGreaterThan(0);
  });

  test("clicks: visits end after half an hour of silence, active visitors get the flag", async () => {
    const rows = await runTemplate(clickSessions, { clicks: 60_000 });
    const visits = rows("all_visits");
    expect(visits.length).toBeGreaterThan(100);
    for (const visit of visits) expect(Number(visit.window_end) - Number(visit.last_event_time)).toBe(30 * 60_000);
    const flags = rows("flags");
    const users = (those: readonly JsonObject[]) => [...new Set(those.map((row) => row.user_id))].sort();
    const set = flags.filter((row) => row.transition === "set");
    expect(users(set)).toEqual(users(visits.filter((visit) => Number(visit.actions) >= 10)));
    // At the end of the input every flag has been unset, two hours or more after it was set.
    const unset = flags.filter((row) => row.transition === "unset");
    expect(unset.length).toBe(set.length);
    for (const row of unset) expect(Number(row.set_for)).toBeGreaterThanOrEqual(2 * 3_600_000);
    expect(flags.length).toBeGreaterThan(0);
  });
});
