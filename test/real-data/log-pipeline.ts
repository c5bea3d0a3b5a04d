export interface LogPipelineOptions {
  readonly id: string;
  readonly window: { readonly type: "tumbling-window" | "hopping-window"; readonly params: Readonly<Record<string, string>> };
  /** File to read, and folders for window counts and alerts. */
  readonly log: string;
  readonly counts: string;
  readonly alerts: string;
  /** Event seconds per second; null = as fast as possible. */
  readonly speed: number | null;
}

/** Errors per process in windows of five minutes, and an alert for every window with more than 100. */
export function logPipeline(options: LogPipelineOptions): string {
  const replay = options.speed === null ? {} : { replay: { mode: "paced", speed: options.speed } };
  const fields = [
    { name: "timestamp", type: "timestamp" },
    { name: "process", type: "string" },
    { name: "level", type: "string" },
  ];
  const result = [
    { name: "key", value: "process" },
    { name: "windowStart", value: "window_start" },
    { name: "windowEnd", value: "window_end" },
    { name: "count", value: "errors" },
  ];
  const { type, params } = options.window;
  return JSON.stringify({
    formatVersion: 1,
    pipeline: {
      id: options.id,
      name: options.id,
      settings: { checkpointInterval: "100ms" },
      nodes: {
        log: { type: "file-source", version: 1, params: { path: options.log, fields, timeField: "timestamp", ...replay } },
        only_errors: { type: "filter", version: 1, params: { where: "level = 'ERROR'" } },
        per_process: { type, version: 1, params: { keyBy: ["process"], ...params, aggregates: [{ as: "errors", fn: "count" }] } },
        result: { type: "map-fields", version: 1, params: { mode: "keep", fields: result } },
        counts: { type: "file-sink", version: 1, params: { path: options.counts } },
        spike: {
          type: "threshold-alert",
          version: 1,
          params: { keyBy: ["process", "window_start"], raiseWhen: "errors > 100", title: "{process}: {errors} errors in 5 min" },
        },
        alerts: { type: "file-sink", version: 1, params: { path: options.alerts } },
      },
      edges: [
        { from: "log.out", to: "only_errors.in" },
        { from: "only_errors.out", to: "per_process.in" },
        { from: "per_process.out", to: "result.in" },
        { from: "per_process.out", to: "spike.in" },
        { from: "result.out", to: "counts.in" },
        { from: "spike.out", to: "alerts.in" },
      ],
    },
  });
}
