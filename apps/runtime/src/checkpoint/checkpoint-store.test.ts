import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CheckpointStore, createMemoryCheckpointStore, FencedError } from "@millrace/engine";
import { redisKeys } from "@millrace/protocol";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeCheckpointStore } from "../testing/checkpoint-store-conformance.ts";
import { findRedisServer, startTestRedis, type TestRedis } from "../testing/redis-server.ts";
import { createFileCheckpointStore } from "./file-checkpoint-store.ts";
import { takeOverScript } from "./redis-checkpoint-scripts.ts";
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
  function open(pipelineId: string, deploymentId: string, owner: number | null = null): CheckpointStore {
    if (redis === undefined) throw new Error("Redis has not started");
    return createRedisCheckpointStore(redis, pipelineId, deploymentId, owner);
  }

  test("an older deployment takes nothing over, and so fences nobody", async () => {
    await redis?.hset(redisKeys.deploymentOrder("edited"), { last: 2, old: 1, new: 2 });
    const { fencingToken } = await open("edited", "new").takeOver();
    await expect(open("edited", "old").takeOver()).rejects.toThrow(FencedError);
    await open("edited", "new").collectGarbage(fencingToken);
    expect((await open("edited", "command-line").takeOver()).fencingToken).toBe(fencingToken + 1);
  });

  test("a process whose supervisor is no longer the owner of the deployment takes nothing over", async () => {
    await redis?.set(redisKeys.statusOwner("d7"), 2);
    await expect(open("twice", "d7", 1).takeOver()).rejects.toThrow(FencedError);
    expect((await open("twice", "d7", 2).takeOver()).fencingToken).toBe(1);
  });

  test("a take-over that was given up and arrives late changes nothing", async () => {
    const own = [redisKeys.checkpoint("late"), redisKeys.deploymentOrder("late"), redisKeys.statusOwner("d1")];
    const { fencingToken } = await open("late", "d1").takeOver();
    expect(await redis?.eval(takeOverScript, 3, ...own, "d1", "0", "")).toEqual(["moved"]);
    await open("late", "d1").collectGarbage(fencingToken);
  });

  describeCheckpointStore(async () => {
    const pipelineId = `orders${count++}`;
    return async () => {
      return open(pipelineId, "d1");
    };
  });
});
