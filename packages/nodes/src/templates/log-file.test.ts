import { checkGraph, createMemoryCheckpointStore, createMemorySink, createPipelineRun, parsePipeline, planGraph } from "@millrace/engine";
import { createSimulatedClock } from "@millrace/engine/testing";
import { expect, test } from "vitest";
import { catalogue } from "../catalogue.ts";
import { linesSource } from "../testing/lines-source.ts";
import { logFile } from "./log-file.template.ts";

/** A log of one error a second from `fromMs`, each followed by an INFO record of the same time. */
function errors(process: string, count: number, fromMs: number): string[] {
  return Array.from({ length: count }, (_, i) => fromMs + i * 1000).flatMap((timestamp) => [
    JSON.stringify({ timestamp: new Date(timestamp).toISOString(), host: "web-1", process, level: "ERROR", message: "refused" }),
    JSON.stringify({ timestamp, host: "web-1", process, level: "INFO", message: "served" }),
  ]);
}

test("finds the burst that lies across a boundary of five minutes, and shows lines that it cannot read", async () => {
  const parsed = parsePipeline(logFile.document, catalogue);
  const checked = parsed.ok ? checkGraph(parsed.value.pipeline, catalogue).checked : null;
  const plan = checked === null ? null : planGraph(checked);
  if (plan === null || !plan.ok) throw new Error("the template cannot be planned");
  const startMs = Date.UTC(2026, 2, 1, 10);
  const lines = [
    ...errors("cron", 3, startMs),
    ...errors("sshd", 120, startMs + 240_000),
    "not a record",
    ...errors("cron", 3, startMs + 900_000),
  ];
  const sink = createMemorySink();
  const run = createPipelineRun({
    plan: plan.value,
    graphHash: "template",
    checkpointIntervalMs: 1000,
    connectors: {
      sources: new Map([["file", linesSource(lines)]]),
      sinks: new Map([
        ["live-table", sink],
        ["alert-inbox", sink],
      ]),
    },
    store: createMemoryCheckpointStore(),
    clock: createSimulatedClock(0),
    startFrom: "empty",
  });
  expect(await run.run()).toBe("finished");
  expect(sink.rows("alerts:sink").map(({ transition, title, window_start: start }) => ({ transition, title, start }))).toEqual([
    { transition: "raised", title: "sshd: 120 errors in 5 min", start: startMs + 60_000 },
  ]);
  expect(sink.rows("unreadable_lines:sink").map((row) => row.raw)).toEqual(["not a record"]);
  expect(sink.rows("late_errors:sink")).toEqual([]);
});
