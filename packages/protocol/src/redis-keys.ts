/** Every Redis key and channel that Millrace uses, apart from BullMQ's own. */
export const redisKeys = {
  /** Hash: `token`, `checkpoint`, `manifest` of the newest committed checkpoint. */
  checkpoint: (pipelineId: string) => `millrace:checkpoint:{${pipelineId}}`,
  /** String: one chunk. */
  chunk: (pipelineId: string, sha256: string) => `millrace:chunk:{${pipelineId}}:${sha256}`,
  /** Set: hashes of the chunks that exist. */
  chunks: (pipelineId: string) => `millrace:chunks:{${pipelineId}}`,
  /** String: `DeploymentStatus` as JSON. */
  status: (deploymentId: string) => `millrace:status:${deploymentId}`,
  /** Pub/sub channel: `DeploymentStatus` of every deployment, as JSON. */
  statusChannel: "millrace:status",
  /** Stream: `ControlMessage` as JSON in field `message`. */
  control: (deploymentId: string) => `millrace:control:${deploymentId}`,
  /** Pub/sub channel: `MetricsFrame` as JSON. */
  metricsChannel: (deploymentId: string) => `millrace:metrics:${deploymentId}`,
  /** Stream, capped at about 2,400 frames: `MetricsFrame` as JSON in field `frame`. */
  metricsStream: (deploymentId: string) => `millrace:metrics-log:${deploymentId}`,
  /** Hash: deployment id → `DesiredDeployment` as JSON. */
  desired: "millrace:desired",
  /** Stream, capped: rows of a live table; fields `row` (JSON), `checkpoint`. Written by the live-table sink. */
  liveTable: (pipelineId: string, sinkId: string) => `millrace:live:{${pipelineId}}:${sinkId}`,
  /** Stream, capped: alerts of a pipeline; fields `row` (JSON), `sink`. Written by the alert-inbox sink. */
  alerts: (pipelineId: string) => `millrace:alerts:{${pipelineId}}`,
  /** String: last delivered checkpoint and token of a Redis sink, `n:token`. */
  delivered: (pipelineId: string, sinkId: string) => `millrace:delivered:{${pipelineId}}:${sinkId}`,
  /** Stream, capped: log lines of a deployment; field `line` (pino JSON). */
  logs: (deploymentId: string) => `millrace:logs:${deploymentId}`,
  /** Stream, capped: dead letters of a pipeline; field `row` (JSON). */
  deadLetters: (pipelineId: string) => `millrace:dead:{${pipelineId}}`,
} as const;
