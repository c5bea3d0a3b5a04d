import { chainDocument, filter, inputPath, outputPath } from "./documents.ts";
import { logLines } from "./log-lines.ts";
import { errorSpikeStage } from "./plain-error-spike.ts";
import { runPlain } from "./plain-lines.ts";
import type { Subject } from "./subject.ts";

const threshold = 260;
const windowMs = 300_000;

/** Scenario 1 over a log: errors per service and 5 minutes, an alert above the threshold. */
export const errorSpike: Subject = {
  name: "error-spike",
  title: "Error spike, tumbling 5 min",
  targets: { json: 1.5 },
  input: (records) => new Map([[inputPath, logLines(records)]]),
  document: chainDocument(
    "error-spike",
    [
      { name: "timestamp", type: "timestamp" },
      { name: "service", type: "string" },
      { name: "host", type: "string" },
      { name: "level", type: "string" },
      { name: "status", type: "bigint" },
      { name: "latency_ms", type: "double" },
      { name: "message", type: "string" },
      { name: "trace_id", type: "string" },
    ],
    "timestamp",
    [
      filter("level = 'ERROR'"),
      { type: "tumbling-window", params: { keyBy: ["service"], size: "5m", aggregates: [{ as: "errors", fn: "count" }] } },
      {
        type: "threshold-alert",
        params: { keyBy: ["service"], raiseWhen: `errors > ${threshold}`, severity: "critical", title: "{service}: {errors} errors" },
      },
    ],
  ),
  plain: (input) => runPlain(input, outputPath, (emit) => errorSpikeStage(windowMs, threshold, emit)),
};
