import type { JsonObject } from "@millrace/engine";
import { z } from "zod";
import { deploymentJob } from "./deployment.ts";

/** BullMQ queue of short questions that the web server asks and any runtime answers. */
export const requestQueue = "millrace-requests";

/** How long an answer is waited for, ms, and how long it stays for whoever asked. */
export const requestTimeoutMs = 15_000;

/** Any JSON object. */
export const jsonObject = z.custom<JsonObject>((value) => z.record(z.string(), z.json()).safeParse(value).success, "a JSON object");

/** Services that a pipeline can be connected to by a name. */
export const connectionService = z.enum(["kafka", "postgresql", "redis", "schema-registry"]);

/** What a runtime can be asked. */
export const runtimeRequest = z.discriminatedUnion("kind", [
  /** What would become of the state if this pipeline started from a checkpoint; without `savepoint` from the newest. */
  z.strictObject({
    kind: z.literal("restore-rehearsal"),
    pipelineId: deploymentJob.shape.pipelineId,
    pipeline: deploymentJob.shape.pipeline,
    savepoint: deploymentJob.shape.savepoint,
  }),
  /** Whether a connection that the runtime knows by that name works. */
  z.strictObject({
    kind: z.literal("connection-test"),
    service: connectionService,
    connection: z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/),
  }),
  /** The names of the connections to a service that the runtime knows. */
  z.strictObject({ kind: z.literal("connection-list"), service: connectionService }),
  /** A few records of a source, as it would read them. */
  z.strictObject({ kind: z.literal("source-sample"), connector: z.string().min(1).max(64), options: jsonObject }),
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
      verdict: z.enum(["kept", "migrated", "new", "discarded", "removed", "unreadable"]),
      reason: z.string().nullable(),
      stateKeys: z.number(),
      stateBytes: z.number(),
    }),
  ),
});

/** The answer to a `connection-test` that worked: what was found there, in words. */
export const connectionFound = z.object({ found: z.string() });

/** The answer to a `connection-list`: names alone, in order. */
export const connectionNames = z.object({ names: z.array(z.string()) });

/** The answer to a `source-sample`. */
export const sourceSample = z.object({
  /** Records in the source's format, one a line. */
  lines: z.array(z.string()),
  /** Why others could not be read, each reason once. */
  problems: z.array(z.string()),
});

/** Schema of each answer, by the kind of the request. */
export const runtimeAnswers = {
  "restore-rehearsal": restoreRehearsal,
  "connection-test": connectionFound,
  "connection-list": connectionNames,
  "source-sample": sourceSample,
} as const;
export type RuntimeAnswer<K extends RuntimeRequest["kind"]> = z.infer<(typeof runtimeAnswers)[K]>;

/** What comes back: an answer, or words about why there is none. */
export const runtimeReply = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), answer: z.unknown() }),
  z.object({ ok: z.literal(false), code: z.string(), message: z.string() }),
]);
export type RuntimeReply = z.infer<typeof runtimeReply>;
