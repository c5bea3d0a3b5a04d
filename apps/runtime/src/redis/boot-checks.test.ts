import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findRedisServer, startTestRedis, type TestRedis } from "../testing/redis-server.ts";
import { checkRedis } from "./boot-checks.ts";

const binary = findRedisServer();
if (binary === null) console.warn("SKIPPED: boot checks of Redis, because there is neither redis-server nor valkey-server on the PATH");

describe.skipIf(binary === null)("a Redis server", () => {
  let server: TestRedis;
  let redis: Redis;
  beforeAll(async () => {
    server = await startTestRedis();
    redis = new Redis(server.url);
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  test.each([
    ["yes", "everysec", "crash"],
    ["yes", "always", "power-cut"],
    ["yes", "no", "nothing"],
    ["no", "always", "nothing"],
  ])("with appendonly %s and appendfsync %s lets a checkpoint survive: %s", async (appendOnly, fsync, durability) => {
    await redis.config("SET", "appendonly", appendOnly, "appendfsync", fsync);
    expect(await checkRedis(redis)).toMatchObject({ durability, problems: [] });
  });

  test("that may evict is a problem, with what to change", async () => {
    await redis.config("SET", "maxmemory-policy", "allkeys-lru");
    const { problems } = await checkRedis(redis);
    expect(problems).toEqual([expect.stringMatching(/maxmemory-policy is allkeys-lru.*noeviction/)]);
  });

  test("that hides its settings is used, and its promise is unknown", async () => {
    const hiding = Object.create(redis, { config: { value: () => Promise.reject(new Error("ERR unknown command 'CONFIG'")) } });
    expect(await checkRedis(hiding)).toMatchObject({ durability: "unknown", problems: [] });
  });
});
