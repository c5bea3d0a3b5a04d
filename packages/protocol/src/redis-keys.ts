/** Every Redis key and channel that Millrace uses, apart from BullMQ's own. */
export const redisKeys = {
  /** Hash: `token`, and of the newest committed checkpoint `checkpoint`, `manifest`, `deployment` (which deployment wrote it). */
  checkpoint: (pipelineId: string) => `millrace:checkpoint:{${pipelineId}}`,
  /** Hash: number → manifest of the newest few committed checkpoints. */
  manifests: (pipelineId: string) => `millrace:manifests:{${pipelineId}}`,
  /** Hash: number of a kept checkpoint → `SavepointInfo` as JSON, and `<number>:manifest` → its manifest. */
  savepoints: (pipelineId: string) => `millrace:savepoints:{${pipelineId}}`,
  /** String: one chunk. */
  chunk: (pipelineId: string, sha256: string) => `millrace:chunk:{${pipelineId}}:${sha256}`,
  /** String: bytes that become a chunk with the next command of the owner that set them. */
  comingChunk: (pipelineId: string, sha256: string, token: number) => `millrace:chunk:{${pipelineId}}:${sha256}:${token}`,
  /** Sorted set: hashes of the chunks that exist, by the number of the checkpoint that was committed when each was last stored. */
  chunks: (pipelineId: string) => `millrace:chunks:{${pipelineId}}`,
  /** String: `DeploymentStatus` as JSON. */
  status: (deploymentId: string) => `millrace:status:${deploymentId}`,
  /** String: counts the owners of a deployment; a status is written only by the newest. */
  statusOwner: (deploymentId: string) => `millrace:status-owner:${deploymentId}`,
  /** Hash: deployment id → in which order the deployments of a pipeline first started; `last`: the highest number. Only that one may run. */
  deploymentOrder: (pipelineId: string) => `millrace:deployment-order:${pipelineId}`,
  /** Pub/sub channel: `DeploymentStatus` of every deployment, as JSON. */
  statusChannel: "millrace:status",
  /** Stream, capped: `ControlMessage` as JSON in field `message`. Messages from before the start of the job are ignored. */
  control: (deploymentId: string) => `millrace:control:${deploymentId}`,
  /** Pub/sub channel: `MetricsFrame` as JSON. */
  metricsChannel: (deploymentId: string) => `millrace:metrics:${deploymentId}`,
  /** Stream, capped at about 2,400 frames: `MetricsFrame` as JSON in field `frame`. */
  metricsStream: (deploymentId: string) => `millrace:metrics-log:${deploymentId}`,
  /** Hash: deployment id → `DesiredDeployment` as JSON. To be written before the job is added: a job without its entry is rejected. */
  desired: "millrace:desired",
  /** String with a short life: which runtime compares desired with active just now. */
  reconcilerLock: "millrace:reconciler",
  /** String with a short life, JSON `RuntimeInfo`: a runtime that is alive. */
  runtime: (runtimeId: string) => `millrace:runtime:${runtimeId}`,
  /** Stream, capped: rows of a live table, by the slug of its node; fields `row` (JSON), `checkpoint`. Written by the live-table sink. */
  liveTable: (pipelineId: string, node: string) => `millrace:live:{${pipelineId}}:${node}`,
  /** Stream, capped: alerts of a pipeline; fields `row` (JSON), `sink` (slug of the node), `checkpoint`. Written by the alert-inbox sink. */
  alerts: (pipelineId: string) => `millrace:alerts:{${pipelineId}}`,
  /** Hash or string: the newest row of a key that a Redis sink without a connection of its own keeps here. */
  rows: (pipelineId: string, name: string) => `millrace:rows:{${pipelineId}}:${name}`,
  /** String: last delivered checkpoint and token of a Redis sink, `n:token`. */
  delivered: (pipelineId: string, sinkId: string) => `millrace:delivered:{${pipelineId}}:${sinkId}`,
  /** Stream, capped: log lines of a deployment; field `line` (pino JSON). */
  logs: (deploymentId: string) => `millrace:logs:${deploymentId}`,
  /** Stream, capped: dead letters of a pipeline; field `row` (`DeadLetterEntry` as JSON). */
  deadLetters: (pipelineId: string) => `millrace:dead:{${pipelineId}}`,
  /** Stream, capped: records that a source is to read once more, by the slug of its node; field `raw`. How far it has read is in its checkpoints. */
  replay: (pipelineId: string, node: string) => `millrace:replay:{${pipelineId}}:${node}`,
} as const;

/** About how many entries the capped streams keep. */
export const streamCaps = {
  control: 100,
  metrics: 2400,
  liveTable: 1000,
  alerts: 1000,
  logs: 2000,
  deadLetters: 1000,
  replay: 10_000,
} as const;
