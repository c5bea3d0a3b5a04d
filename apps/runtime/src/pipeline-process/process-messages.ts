import { deploymentJob, metricsFrame, rehearsedFailure, savepointName } from "@millrace/protocol";
import { z } from "zod";

/** What the supervisor tells a pipeline process, over the channel of `fork`. */
export const supervisorMessage = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("start"),
    job: deploymentJob,
    /** Number of the supervisor among the owners of the deployment's status. */
    owner: z.int(),
    /** How often this deployment has been restarted before. */
    restarts: z.int(),
    config: z.object({
      redisUrl: z.string(),
      fileFolders: z.tuple([z.string()], z.string()),
      egressAllow: z.string(),
      logLevel: z.string(),
    }),
  }),
  /** Take a last checkpoint and end. */
  z.object({ kind: z.literal("stop"), drain: z.boolean(), savepoint: savepointName.optional() }),
  z.object({ kind: z.literal("checkpoint") }),
  z.object({ kind: z.literal("savepoint"), name: savepointName }),
  z.object({ kind: z.literal("rehearse"), failure: rehearsedFailure }),
]);
export type SupervisorMessage = z.infer<typeof supervisorMessage>;

const problem = z.object({ code: z.string(), message: z.string() });

/** What a pipeline process tells its supervisor. */
export const processMessage = z.discriminatedUnion("kind", [
  /** Sources and sinks are open, and records flow. `checkpoint`: from where; 0 = started empty. */
  z.object({ kind: z.literal("running"), checkpoint: z.int() }),
  z.object({ kind: z.literal("frame"), frame: metricsFrame }),
  /** Sent while there are no frames yet: the process is alive. */
  z.object({ kind: z.literal("alive") }),
  z.object({ kind: z.literal("sink-problem"), node: z.string(), problem: problem.nullable() }),
  z.object({ kind: z.literal("ended"), outcome: z.enum(["finished", "stopped"]), checkpoint: z.int() }),
  z.object({
    kind: z.literal("failed"),
    code: z.string(),
    message: z.string(),
    node: z.string().nullable(),
    retryable: z.boolean(),
    /** Another runtime or deployment has taken the pipeline over. */
    fenced: z.boolean(),
  }),
]);
export type ProcessMessage = z.infer<typeof processMessage>;
