import { type RuntimeAnswer, type RuntimeRequest, requestQueue, requestTimeoutMs, runtimeAnswers, runtimeReply } from "@millrace/protocol";
import { Queue, QueueEvents } from "bullmq";
import { Problem } from "../errors/problem.ts";
import { log } from "../log.ts";

/** Asks whichever runtime is free; see `RuntimeRequest`. */
export interface RuntimeRequests {
  /** Rejects with a `Problem`: `RUNTIME_SILENT` when no runtime answers in time, or what the runtime refused it with. */
  ask<K extends RuntimeRequest["kind"]>(request: Extract<RuntimeRequest, { readonly kind: K }>): Promise<RuntimeAnswer<K>>;
  close(): Promise<void>;
}

/** Requests over BullMQ. Connects with the first one. */
export function bullRuntimeRequests(redisUrl: string): RuntimeRequests {
  let opened: { readonly queue: Queue; readonly events: QueueEvents } | undefined;
  const open = () => {
    if (opened !== undefined) return opened;
    const connection = { url: redisUrl, maxRetriesPerRequest: null, connectTimeout: 2000 };
    const queue = new Queue(requestQueue, { connection });
    const events = new QueueEvents(requestQueue, { connection });
    const lost = (error: Error): void => log.debug({ reason: error.message }, "the request queue lost Redis");
    queue.on("error", lost);
    events.on("error", lost);
    opened = { queue, events };
    return opened;
  };
  return {
    async ask(request) {
      const { queue, events } = open();
      await events.waitUntilReady();
      // An answer stays a little, so that it is found even when it is there before anyone waits for it.
      const kept = { age: 60 };
      const job = await queue.add(request.kind, request, { removeOnComplete: kept, removeOnFail: kept });
      const returned: unknown = await job.waitUntilFinished(events, requestTimeoutMs).catch(async () => {
        await job.remove().catch(() => {});
        throw silent();
      });
      const reply = runtimeReply.parse(returned);
      if (!reply.ok) throw new Problem({ transport: "BAD_REQUEST", code: reply.code, message: reply.message });
      // The schema of this kind; TypeScript does not follow the index.
      return runtimeAnswers[request.kind].parse(reply.answer) as RuntimeAnswer<typeof request.kind>;
    },
    async close() {
      await Promise.all([opened?.queue.close(), opened?.events.close()]);
    },
  };
}

function silent(): Problem {
  return new Problem({
    transport: "SERVICE_UNAVAILABLE",
    code: "RUNTIME_SILENT",
    message: `No runtime answered within ${requestTimeoutMs / 1000} s.`,
    fix: "Check that a runtime is running: the health page says which are.",
  });
}
