import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startRedis, takeDataFolder } from "@millrace/scripts/start-services";
import { kafkaIsMissing, startTestKafka } from "@millrace/scripts/test-kafka";
import { Redis } from "ioredis";
import type { Kafka } from "kafkajs";
import { bareClient } from "./cluster.ts";

/** The real servers of the bench. */
export interface Services {
  readonly brokers: string;
  readonly client: Kafka;
  readonly redis: Redis;
  /** Begins the names of topics and pipelines, so that no two runs meet. */
  readonly prefix: string;
  close(): Promise<void>;
}

/** Starts a broker and a Redis with empty data folders, or takes those of KAFKA_BROKERS and REDIS_URL. Throws when there can be none. */
export async function startServices(say: (line: string) => void): Promise<Services> {
  const missing = kafkaIsMissing();
  if (missing !== null) throw new Error(`There is no Kafka to measure with: ${missing}.`);
  say("starting Kafka and Redis");
  const kafka = await startTestKafka();
  const path = await mkdtemp(join(tmpdir(), "millrace-bench-"));
  const { folder, release } = await takeDataFolder(path);
  const { url, service } = await startRedis(folder, process.env.REDIS_URL);
  const redis = new Redis(url, { maxRetriesPerRequest: null });
  return {
    brokers: kafka.brokers,
    client: bareClient(kafka.brokers),
    redis,
    prefix: `bench-${process.pid}-${Date.now()}`,
    async close() {
      redis.disconnect();
      await Promise.all([service?.process.stop(), kafka.stop()]);
      await release();
      await rm(path, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}
