import { z } from "zod";

/** BullMQ queue in which every running deployment is one long-lived job. */
export const deploymentQueue = "millrace-deployments";

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
});
export type DeploymentJob = z.infer<typeof deploymentJob>;

/** States of a deployment; see `docs/decisions`. */
export const deploymentState = z.enum([
  "DEPLOYING",
  "RUNNING",
  "DEGRADED",
  "RESTARTING",
  "FAILED",
  "STOPPING",
  "STOPPED",
  "FINISHED",
]);
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

/** What can be asked of a running deployment, over its control stream. */
export const controlMessage = z.discriminatedUnion("kind", [
  /** Take a checkpoint, then stop; `drain` fires all windows first, as at the end of input. */
  z.strictObject({ kind: z.literal("stop"), drain: z.boolean() }),
  z.strictObject({ kind: z.literal("checkpoint") }),
]);
export type ControlMessage = z.infer<typeof controlMessage>;

/** What the web server wants to run, mirrored in Redis so that a lost job heals. */
export const desiredDeployment = z.strictObject({
  job: deploymentJob,
  desired: z.enum(["RUNNING", "STOPPED"]),
});
export type DesiredDeployment = z.infer<typeof desiredDeployment>;
