import { documentText, type Template } from "./template.ts";

/** Scenario 1 over a log file of one's own. */
export const logFile: Template = {
  id: "log-file",
  title: "Error spikes in a log file",
  summary: "Reads a log file and finds the five minutes in which a process logged more than a hundred errors.",
  description: `The same pipeline as *Error spikes in service logs*, over a file of JSON lines such as

\`\`\`json
{"timestamp":"2026-03-01T09:12:44Z","host":"web-1","process":"sshd","level":"ERROR","message":"connection refused"}
\`\`\`

**Before you deploy.** Choose your file in *Log file*, and name the fields as they are called in it; the filter, the window and the alert then use your names. A \`timestamp\` may be ISO 8601 text or milliseconds since 1970. For CSV, switch the format.

**How it runs.** A file is read as fast as possible, and the result is the same as if it had been read while it was written: windows go by the time in the records, not by the clock. At the end of the file all windows are closed. With *Follow* the pipeline waits for new lines instead, and the newest windows stay open until later records arrive.

**Disorder.** Several processes that write into one file do so a little out of order. The watermark waits for ten seconds; what comes later than that and has no open window left is shown in *Late errors*. When that table stays empty, your log is in better order than expected.

**To try.** Set *Replay* to the pace of the event time with a speed-up of 60, and watch an hour pass in a minute.`,
  teaches: ["Files", "Event time", "Hopping windows", "Watermarks"],
  difficulty: "starter",
  runsAsIs: false,
  document: documentText({
    formatVersion: 1,
    pipeline: {
      id: "log-file",
      name: "Error spikes in a log file",
      description: "Raises an alert when a process logs more than 100 errors within 5 minutes.",
      nodes: {
        alerts: { type: "alert-inbox", version: 1, label: "Alerts" },
        error_counts: { type: "live-table", version: 1, label: "Error counts" },
        errors_per_process: {
          type: "hopping-window",
          version: 1,
          label: "Errors per process",
          params: { keyBy: ["process"], aggregates: [{ as: "errors", fn: "count" }] },
        },
        late_errors: { type: "live-table", version: 1, label: "Late errors", params: { keepRows: 100 } },
        log_file: {
          type: "file-source",
          version: 1,
          label: "Log file",
          params: {
            path: "logs.ndjson",
            fields: [
              { name: "timestamp", type: "timestamp" },
              { name: "host", type: "string" },
              { name: "process", type: "string" },
              { name: "level", type: "string" },
              { name: "message", type: "string" },
            ],
            timeField: "timestamp",
            disorder: "10s",
          },
        },
        only_errors: { type: "filter", version: 1, label: "Only errors", params: { where: "level = 'ERROR'" } },
        too_many_errors: {
          type: "threshold-alert",
          version: 1,
          label: "Too many errors",
          params: {
            keyBy: ["process"],
            raiseWhen: "errors > 100",
            clearWhen: "errors < 50",
            title: "{process}: {errors} errors in 5 min",
          },
        },
        unreadable_lines: { type: "live-table", version: 1, label: "Unreadable lines", params: { keepRows: 100 } },
      },
      edges: [
        { from: "errors_per_process.late", to: "late_errors.in" },
        { from: "errors_per_process.out", to: "error_counts.in" },
        { from: "errors_per_process.out", to: "too_many_errors.in" },
        { from: "log_file.dead_letter", to: "unreadable_lines.in" },
        { from: "log_file.out", to: "only_errors.in" },
        { from: "only_errors.out", to: "errors_per_process.in" },
        { from: "too_many_errors.out", to: "alerts.in" },
      ],
    },
    layout: {
      nodes: {
        alerts: { x: 1152, y: 0 },
        error_counts: { x: 864, y: 160 },
        errors_per_process: { x: 576, y: 0 },
        late_errors: { x: 864, y: 320 },
        log_file: { x: 0, y: 0 },
        only_errors: { x: 288, y: 0 },
        too_many_errors: { x: 864, y: 0 },
        unreadable_lines: { x: 288, y: 160 },
      },
    },
  }),
};
