import {
  checkGraph,
  createMemoryCheckpointStore,
  createMemorySink,
  createPipelineRun,
  type JsonObject,
  parsePipeline,
  planGraph,
} from "@millrace/engine";
import { createSimulatedClock } from "@millrace/engine/testing";
import { describe, expect, test } from "vitest";
import { catalogue } from "../catalogue.ts";
import { generatorConnectors } from "../generators/generator-connector.ts";
import { errorSpike } from "./error-spike.template.ts";

/**
 * What the template puts into its sinks in the first seconds after a deployment at `startMs`. With
 * `restartEveryMs` it is stopped that often, without a drain, and continued from its checkpoint.
 */
async function deploy(
  startMs: number,
  seconds: number,
  restartEveryMs = Number.POSITIVE_INFINITY,
): Promise<Readonly<Record<string, readonly JsonObject[]>>> {
  const parsed = parsePipeline(errorSpike.document, catalogue);
  const checked = parsed.ok ? checkGraph(parsed.value.pipeline, catalogue).checked : null;
  const plan = checked === null ? null : planGraph(checked);
  if (plan === null || !plan.ok) throw new Error("the template cannot be planned");
  const sink = createMemorySink();
  const clock = createSimulatedClock(startMs);
  const store = createMemoryCheckpointStore();
  while (clock.now() < startMs + seconds * 1000) {
    const until = Math.min(startMs + seconds * 1000, clock.now() + restartEveryMs);
    const run = createPipelineRun({
      plan: plan.value,
      graphHash: "template",
      checkpointIntervalMs: 1000,
      connectors: { sources: generatorConnectors, sinks: new Map(["live-table", "alert-inbox"].map((name) => [name, sink])) },
      store,
      clock,
      startFrom: "latest",
      onEvent: () => {
        if (clock.now() >= until) run.stop({ drain: false });
      },
    });
    await run.run();
  }
  return Object.fromEntries(sink.sinkIds.map((id) => [id.split(":")[0], sink.rows(id)]));
}

describe("the error-spike template", () => {
  test.each([0, 12_345, 59_999, 151_001])(
    "raises its first alert within 30 s, wherever in a window it starts (%d ms)",
    async (offsetMs) => {
      const { alerts } = await deploy(Date.UTC(2026, 5, 1, 12) + offsetMs, 30);
      expect(alerts.length).toBeGreaterThan(0);
      expect(alerts[0]).toMatchObject({ transition: "raised", severity: "critical" });
      expect(Number(alerts[0].errors)).toBeGreaterThan(100);
      expect(alerts[0].title).toBe(`${String(alerts[0].service)}: ${String(alerts[0].errors)} errors in 5 min`);
    },
  );

  test("raises one alert for each spike and clears it before the next", async () => {
    const { alerts, error_counts: counts, late_errors: late } = await deploy(Date.UTC(2026, 5, 1, 12), 120);
    const transitions = alerts.map((row) => `${String(row.transition)} ${String(row.service)}`);
    expect(transitions.length).toBeGreaterThanOrEqual(7);
    transitions.forEach((transition, i) => {
      if (i % 2 === 1) expect(transition).toBe(transitions[i - 1].replace("raised", "cleared"));
    });
    expect(alerts.filter((row) => row.transition === "raised").length).toBeGreaterThanOrEqual(4);
    expect(new Set(counts.map((row) => row.service)).size).toBe(10);
    expect(late.length).toBeGreaterThan(0);
  });

  test("gives the same rows when it is restarted every few seconds", async () => {
    const startMs = Date.UTC(2026, 5, 1, 12) + 777;
    const straight = await deploy(startMs, 60);
    const restarted = await deploy(startMs, 60, 3300);
    for (const table of ["alerts", "error_counts", "late_errors", "recent_errors"]) {
      // How far each run came within its time differs a little.
      const rows = Math.min(straight[table].length, restarted[table].length);
      expect(rows, table).toBeGreaterThanOrEqual(3);
      expect(restarted[table].slice(0, rows), table).toEqual(straight[table].slice(0, rows));
    }
  });
});
