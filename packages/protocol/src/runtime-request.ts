import { z } from "zod";
import { deploymentJob } from "./deployment.ts";

/** BullMQ queue of short questions that the web server asks and any runtime answers. */
export const requestQueue = "millrace-requests";

/** How long an answer is waited for, ms, and how long it stays for whoever asked. */
export const requestTimeoutMs = 15_000;

/** What a runtime can be asked. */
export const runtimeRequest = z.discriminatedUnion("kind", [
  /** What would become of the state if this pipeline started from a checkpoint; without `savepoint` from the newest. */
  z.strictObject({
    kind: z.literal("restore-rehearsal"),
    pipelineId: deploymentJob.shape.pipelineId,
    pipeline: deploymentJob.shape.pipeline,
    savepoint: deploymentJob.shape.savepoint,
  }),
]);
export type RuntimeRequest = z.infer<typeof runtimeRequest>;

/** The answer to a `restore-rehearsal`. */
export const restoreRehearsal = z.object({
  checkpoint: z.int(),
  takenAtMs: z.number().nullable(),
  changes: z.array(
    z.object({
      step: z.string(),
      node: z.string(),
      verdict: z.enum(["kept", "new", "discarded", "removed", "unreadable"]),
      reason: z.string().nullable(),
      stateKeys: z.number(),
      stateBytes: z.number(),
    }),
  ),
});

/** Schema of each answer, by the kind of the request. */
export const runtimeAnswers = { "restore-rehearsal": restoreRehearsal } as const;
export type RuntimeAnswer<K extends RuntimeRequest["kind"]> = z.infer<(typeof runtimeAnswers)[K]>;

/** What comes back: an answer, or words about why there is none. */
export const runtimeReply = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), answer: z.unknown() }),
  z.object({ ok: z.literal(false), code: z.string(), message: z.string() }),
]);
export type RuntimeReply = z.infer<typeof runtimeReply>;
