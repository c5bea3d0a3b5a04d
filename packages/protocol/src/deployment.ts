import { z } from "zod";

/** BullMQ queue in which every running deployment is one long-lived job. */
export const deploymentQueue = "millrace-deployments";

/** Name of every job in the deployment queue. */
export const deploymentJobName = "deployment";

/**
 * BullMQ options of a deployment's job: the deployment's id is the job's, and an ended job leaves nothing
 * behind, so that the same deployment can be given its job again.
 */
export function deploymentJobOptions(deploymentId: string): {
  readonly jobId: string;
  readonly attempts: 1;
  readonly removeOnComplete: true;
  readonly removeOnFail: true;
} {
  return { jobId: deploymentId, attempts: 1, removeOnComplete: true, removeOnFail: true };
}

/** What a deployment job carries: all that a runtime needs, so that it needs no database. */
export const deploymentJob = z.strictObject({
  protocolVersion: z.literal(1),
  deploymentId: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
  pipelineId: z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/),
  /** Number of the immutable pipeline version. */
  version: z.int().positive(),
  /** Canonical pipeline JSON. */
  pipeline: z.string().max(2 << 20),
  /** `latest`: from the newest checkpoint, or empty when there is none yet. `empty`: discard state, start anew. */
  startFrom: z.enum(["latest", "empty"]),
  /** With `latest`: from this checkpoint instead of the newest; it is a savepoint, or one of the newest few. */
  savepoint: z.int().positive().optional(),
});
export type DeploymentJob = z.infer<typeof deploymentJob>;

/** States of a deployment; see `docs/decisions`. */
export const deploymentState = z.enum(["DEPLOYING", "RUNNING", "DEGRADED", "RESTARTING", "FAILED", "STOPPING", "STOPPED", "FINISHED"]);
export type DeploymentState = z.infer<typeof deploymentState>;

/** The observed state of a deployment, kept in Redis by its supervisor. */
export const deploymentStatus = z.object({
  deploymentId: z.string(),
  pipelineId: z.string(),
  version: z.int(),
  state: deploymentState,
  /** Why it failed, is degraded or restarts: code, words, node. */
  problem: z.object({ code: z.string(), message: z.string(), node: z.string().nullable() }).nullable(),
  /** Newest committed checkpoint, 0 = none. */
  checkpoint: z.int(),
  restarts: z.int(),
  startedAtMs: z.number(),
  /** When the owner last said so, ms since the epoch; older than 15 s = no owner. */
  updatedAtMs: z.number(),
});
export type DeploymentStatus = z.infer<typeof deploymentStatus>;

/** What people call a savepoint. */
export const savepointName = z.string().trim().min(1).max(120);

/** A savepoint as Redis keeps it beside its manifest. */
export const savepointInfo = z.object({ name: savepointName, atMs: z.number() });
export type SavepointInfo = z.infer<typeof savepointInfo>;

/**
 * Failures that can be rehearsed on a running deployment. `kill`: its process is killed. `duplicates`: its sources give
 * the last records once more. `delay`: its sources give nothing for two minutes, and then what has gathered.
 */
export const rehearsedFailure = z.enum(["kill", "duplicates", "delay"]);
export type RehearsedFailure = z.infer<typeof rehearsedFailure>;

/** What can be asked of a running deployment, over its control stream. */
export const controlMessage = z.discriminatedUnion("kind", [
  /** Take a checkpoint, then stop; `drain` fires all windows first, as at the end of input. */
  z.strictObject({ kind: z.literal("stop"), drain: z.boolean(), savepoint: savepointName.optional() }),
  z.strictObject({ kind: z.literal("checkpoint") }),
  /** Take a checkpoint and keep it under this name. */
  z.strictObject({ kind: z.literal("savepoint"), name: savepointName }),
  /** Make something go wrong on purpose, to see that nothing is lost and nothing is there twice. */
  z.strictObject({ kind: z.literal("rehearse"), failure: rehearsedFailure }),
]);
export type ControlMessage = z.infer<typeof controlMessage>;

/** A record that could not be used, as the dead-letter stream keeps it. */
export const deadLetterEntry = z.object({
  atMs: z.number(),
  deploymentId: z.string(),
  /** Slug of the node that gave up on the record. */
  node: z.string(),
  position: z.string(),
  reason: z.string(),
  /** The record as it came, cut to 4 KB. */
  raw: z.string(),
});
export type DeadLetterEntry = z.infer<typeof deadLetterEntry>;

/** A runtime that is alive, and what its Redis promises. */
export const runtimeInfo = z.object({
  runtimeId: z.string(),
  host: z.string(),
  pid: z.int(),
  startedAtMs: z.number(),
  updatedAtMs: z.number(),
  deployments: z.array(z.string()),
  /** What a committed checkpoint survives: `power-cut` (appendfsync always), `crash` (everysec), `nothing`, `unknown`. */
  durability: z.enum(["power-cut", "crash", "nothing", "unknown"]),
});
export type RuntimeInfo = z.infer<typeof runtimeInfo>;

/** Codes in `DeploymentStatus.problem` that the runtime sets itself; others are the engine's and the connectors'. */
export const problemCodes = {
  /** A newer deployment of the same pipeline has taken over. */
  superseded: "SUPERSEDED",
  /** The runtime was shut down in order; the next one goes on from the last checkpoint. */
  runtimeStopped: "RUNTIME_STOPPED",
  /** The process of the pipeline ended without a word (killed, out of memory). */
  processLost: "PROCESS_LOST",
  /** The process of the pipeline did not answer for long and was ended. */
  processUnresponsive: "PROCESS_UNRESPONSIVE",
  /** The pipeline of the job cannot be run: its diagnostics say why. */
  pipelineInvalid: "PIPELINE_INVALID",
} as const;

/** What the web server wants to run, mirrored in Redis so that a lost job heals. */
export const desiredDeployment = z.strictObject({
  job: deploymentJob,
  desired: z.enum(["RUNNING", "STOPPED"]),
});
export type DesiredDeployment = z.infer<typeof desiredDeployment>;
