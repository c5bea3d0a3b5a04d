import { type CheckReport, checkGraph, createMemoryCheckpointStore, createPipelineRun, parsePipeline, planGraph } from "@millrace/engine";
import { catalogue } from "@millrace/nodes";
import { createBytesSink } from "./bytes-sink.ts";
import { createBytesSource } from "./bytes-source.ts";
import { systemClock } from "./system-clock.ts";

const threshold = 260;
export const errorSpike = { windowMs: 300_000, threshold };

/** The pipeline document of scenario 1 over a log file: errors per service and 5 minutes, alert above the threshold. */
export const errorSpikePipeline = JSON.stringify({
  formatVersion: 1,
  pipeline: {
    id: "bench_error_spike",
    name: "Error spike",
    nodes: {
      log: {
        type: "file-source",
        version: 1,
        params: {
          path: "memory",
          fields: [
            { name: "timestamp", type: "timestamp" },
            { name: "service", type: "string" },
            { name: "host", type: "string" },
            { name: "level", type: "string" },
            { name: "status", type: "bigint" },
            { name: "latency_ms", type: "double" },
            { name: "message", type: "string" },
            { name: "trace_id", type: "string" },
          ],
          timeField: "timestamp",
        },
      },
      errors: { type: "filter", version: 1, params: { where: "level = 'ERROR'" } },
      per_service: {
        type: "tumbling-window",
        version: 1,
        params: { keyBy: ["service"], size: "5m", aggregates: [{ as: "errors", fn: "count" }] },
      },
      spike: {
        type: "threshold-alert",
        version: 1,
        params: { keyBy: ["service"], raiseWhen: `errors > ${threshold}`, severity: "critical", title: "{service}: {errors} errors" },
      },
      alerts: { type: "file-sink", version: 1, params: { path: "memory" } },
    },
    edges: [
      { from: "errors.out", to: "per_service.in" },
      { from: "log.out", to: "errors.in" },
      { from: "per_service.out", to: "spike.in" },
      { from: "spike.out", to: "alerts.in" },
    ],
  },
});

/** Runs the pipeline once over bytes in memory, with checkpoints in memory, and returns the lines of the sink. */
export async function runErrorSpike(bytes: Uint8Array): Promise<string> {
  const sink = createBytesSink();
  const { plan, graphHash } = planOf(errorSpikePipeline);
  const run = createPipelineRun({
    plan,
    graphHash,
    checkpointIntervalMs: 1000,
    connectors: { sources: new Map([["file", createBytesSource(bytes)]]), sinks: new Map([["file", sink.connector]]) },
    store: createMemoryCheckpointStore(),
    clock: systemClock,
    startFrom: "latest",
  });
  await run.run();
  return sink.text();
}

function planOf(text: string) {
  const parsed = parsePipeline(text, catalogue);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
  const report: CheckReport = checkGraph(parsed.value.pipeline, catalogue);
  if (report.checked === null) throw new Error(JSON.stringify(report.diagnostics));
  const plan = planGraph(report.checked);
  if (!plan.ok) throw new Error(JSON.stringify(plan.diagnostics));
  return { plan: plan.value, graphHash: "bench" };
}
