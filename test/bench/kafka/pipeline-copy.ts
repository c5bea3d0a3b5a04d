import { createPipelineRun, type RunEvent } from "@millrace/engine";
import { createRedisCheckpointStore, nativeChunks } from "@millrace/runtime/checkpoints";
import { createKafkaSink, createKafkaSource, createRecordingHost } from "@millrace/runtime/kafka";
import { systemClock } from "@millrace/runtime/system-clock";
import type { Redis } from "ioredis";
import { planOf } from "../plan-of.ts";
import { copiedFields } from "./lines.ts";

export type Delivery = "at-least-once" | "exactly-once";

export interface CopyOptions {
  readonly brokers: string;
  readonly redis: Redis;
  readonly from: string;
  readonly to: string;
  readonly delivery: Delivery;
  readonly checkpointIntervalMs: number;
  /** `latest`: ends at what is there when it starts. */
  readonly until: "never" | "latest";
}

/** A pipeline that copies one topic into another through a filter that lets all pass. */
export interface PipelineCopy {
  /** Resolves with the time (`performance.now`) when its last checkpoint is committed and delivered. Only with `until: "latest"`. */
  ended(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts the copy; resolves when it has taken its topics and its checkpoints over, before the first record. */
export async function startPipelineCopy(options: CopyOptions): Promise<PipelineCopy> {
  const { brokers, redis, from, to, delivery, checkpointIntervalMs } = options;
  const host = createRecordingHost("/", { secret: () => `kafka://${brokers}` });
  const started = Promise.withResolvers<void>();
  let lastAt = 0;
  const run = createPipelineRun({
    plan: planOf(documentOf(options)),
    graphHash: "bench",
    checkpointIntervalMs,
    delivery,
    connectors: { sources: new Map([["kafka", createKafkaSource(host)]]), sinks: new Map([["kafka", createKafkaSink(host)]]) },
    store: createRedisCheckpointStore(redis, to, `${to}-d1`),
    clock: systemClock,
    startFrom: "latest",
    ...nativeChunks,
    onEvent: (event: RunEvent) => {
      if (event.kind === "started-empty") started.resolve();
      if (event.kind === "checkpoint-committed" || event.kind === "delivered") lastAt = performance.now();
      if (event.kind === "dead-letters") started.reject(new Error(`${from}: ${event.letters[0].reason}`));
    },
  });
  const ended = run.run();
  ended.catch((cause: unknown) => started.reject(cause));
  await started.promise;
  return {
    async ended() {
      await ended;
      return lastAt;
    },
    async stop() {
      run.stop({ drain: false });
      await ended;
    },
  };
}

function documentOf({ from, to, until }: CopyOptions): object {
  return {
    formatVersion: 1,
    pipeline: {
      id: to,
      name: "Copy",
      nodes: {
        from: {
          type: "kafka-source",
          version: 1,
          params: { connection: "cluster", topics: from, fields: copiedFields, timeField: "at", disorder: "10s", until },
        },
        passing: { type: "filter", version: 1, params: { where: "amount >= 0" } },
        to: { type: "kafka-sink", version: 1, params: { connection: "cluster", topic: to } },
      },
      edges: [
        { from: "from.out", to: "passing.in" },
        { from: "passing.out", to: "to.in" },
      ],
    },
  };
}
