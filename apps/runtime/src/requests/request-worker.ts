import { type RuntimeReply, type RuntimeRequest, requestQueue, runtimeRequest } from "@millrace/protocol";
import { Worker } from "bullmq";
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import { listConnections, testConnection } from "./connection-request.ts";
import type { RequestContext } from "./request-context.ts";
import { RequestRefused } from "./request-refused.ts";
import { rehearseRestoreOf } from "./restore-rehearsal.ts";
import { sampleSource } from "./source-sample.ts";

const atOnce = 4;

/** Answers the web server's questions, whichever runtime takes them. */
export class RequestWorker {
  readonly #worker: Worker;

  constructor(redis: Redis, context: RequestContext, logger: Logger) {
    this.#worker = new Worker(requestQueue, async (job) => await reply(job.data, context, logger), {
      connection: redis,
      autorun: false,
      concurrency: atOnce,
      drainDelay: 1,
    });
    this.#worker.on("error", (cause) => logger.debug({ reason: cause.message }, "request queue"));
  }

  start(): void {
    this.#worker.run().catch(() => {});
  }

  async stop(): Promise<void> {
    await this.#worker.close(true);
  }
}

async function reply(data: unknown, context: RequestContext, logger: Logger): Promise<RuntimeReply> {
  const parsed = runtimeRequest.safeParse(data);
  if (!parsed.success) return { ok: false, code: "REQUEST_UNKNOWN", message: "This runtime does not know that request; it may be older." };
  try {
    return { ok: true, answer: await answer(parsed.data, context) };
  } catch (cause) {
    if (cause instanceof RequestRefused) return { ok: false, code: cause.code, message: cause.message };
    logger.error({ err: cause, kind: parsed.data.kind }, "a request failed");
    return { ok: false, code: "REQUEST_FAILED", message: cause instanceof Error ? cause.message : String(cause) };
  }
}

function answer(request: RuntimeRequest, context: RequestContext): Promise<unknown> {
  switch (request.kind) {
    case "restore-rehearsal":
      return rehearseRestoreOf(request, context);
    case "connection-test":
      return testConnection(request, context);
    case "connection-list":
      return listConnections(request, context);
    case "source-sample":
      return sampleSource(request, context);
  }
}
