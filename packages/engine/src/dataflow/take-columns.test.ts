import { expect, it } from "vitest";
import { createMemoryCheckpointStore } from "../checkpoint/memory-checkpoint-store.ts";
import { valueAt } from "../column/column.ts";
import { createMemorySink } from "../connector/memory-sink.ts";
import { createSimulatedClock } from "../testing/simulated-clock.ts";
import { countingPlan, createSlowSource } from "./counting-plan.fixture.ts";
import { createPipelineRun } from "./create-pipeline-run.ts";

it("hands what a sink gets to the host as columns, and delivers nothing", async () => {
  const sink = createMemorySink();
  const taken: unknown[] = [];
  const run = createPipelineRun({
    plan: countingPlan(),
    graphHash: "h",
    checkpointIntervalMs: 100,
    connectors: { sources: new Map([["memory", createSlowSource(10)]]), sinks: new Map([["memory", sink]]) },
    store: createMemoryCheckpointStore(),
    clock: createSimulatedClock(0),
    startFrom: "latest",
    takeColumns: (node, batch) => {
      for (let at = 0; at < batch.selected; at++) {
        const row = batch.selection === null ? at : batch.selection[at];
        taken.push([node, ...batch.columns.map((column) => (column === null ? null : valueAt(column, row)))]);
      }
    },
  });
  expect(await run.run()).toBe("finished");
  expect(taken).toEqual([
    ["result", "a", 0, 100, 5],
    ["result", "a", 100, 200, 5],
  ]);
  expect(run.metrics().nodes.result.recordsIn).toBe(2);
  expect(run.metrics().unaccounted).toBe(0);
  expect(sink.rows("result:sink")).toEqual([]);
});
