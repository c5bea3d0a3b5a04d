import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMemoryCheckpointStore } from "@millrace/engine";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe } from "vitest";
import { describeCheckpointStore } from "../testing/checkpoint-store-conformance.ts";
import { findRedisServer, startTestRedis, type TestRedis } from "../testing/redis-server.ts";
import { createFileCheckpointStore } from "./file-checkpoint-store.ts";
import { createRedisCheckpointStore } from "./redis-checkpoint-store.ts";

describe("in memory", () => {
  describeCheckpointStore(async () => {
    const store = createMemoryCheckpointStore();
    return async () => store;
  });
});

describe("in files", () => {
  let root = "";
  let count = 0;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "millrace-checkpoints-"));
  });
  afterAll(() => rm(root, { recursive: true, force: true }));
  describeCheckpointStore(async () => {
    const directory = join(root, String(count++));
    return () => createFileCheckpointStore(directory, "orders");
  });
});

const binary = findRedisServer();
if (binary === null) console.warn("SKIPPED: checkpoints in Redis, because there is neither redis-server nor valkey-server on the PATH");

describe.skipIf(binary === null)("in Redis", () => {
  let server: TestRedis | undefined;
  let redis: Redis | undefined;
  let count = 0;
  beforeAll(async () => {
    server = await startTestRedis();
    redis = new Redis(server.url);
  });
  afterAll(async () => {
    redis?.disconnect();
    await server?.stop();
  });
  describeCheckpointStore(async () => {
    const pipelineId = `orders${count++}`;
    return async () => {
      if (redis === undefined) throw new Error("Redis has not started");
      return createRedisCheckpointStore(redis, pipelineId, "d1");
    };
  });
});
