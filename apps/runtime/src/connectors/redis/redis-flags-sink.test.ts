import { type Delivery, FencedError, type JsonObject, type SinkWriter } from "@millrace/engine";
import { Redis } from "ioredis";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../system-clock.ts";
import { createRecordingHost, type RecordingHost } from "../../testing/connector-host.ts";
import { findRedisServer, startTestRedis, type TestRedis } from "../../testing/redis-server.ts";
import { createRedisFlagsSink } from "./redis-flags-sink.ts";

const binary = findRedisServer();
if (binary === null) console.warn("SKIPPED: flags in Redis, because there is neither redis-server nor valkey-server on the PATH");

function delivery(checkpoint: number, rows: readonly JsonObject[], fencingToken = 1): Delivery {
  const text = rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  return { checkpoint, fencingToken, bytes: new TextEncoder().encode(text), records: rows.length };
}

const flag = (name: string, is_set: boolean | null, expires_at: number | null = null): JsonObject => ({ name, is_set, expires_at });

describe.skipIf(binary === null)("flags in Redis", () => {
  let server: TestRedis;
  let redis: Redis;
  let host: RecordingHost;
  beforeAll(async () => {
    server = await startTestRedis();
    redis = new Redis(server.url);
    redis.on("error", () => {});
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });
  beforeEach(async () => {
    await redis.flushall();
    host = createRecordingHost("/", { secret: (name) => (name === "app" ? server.url : null) });
  });

  const open = (options: JsonObject = {}): Promise<SinkWriter> =>
    createRedisFlagsSink(host).open({
      pipelineId: "shop",
      sinkId: "flags:sink",
      options: { connection: "app", set: null, forget: false, ...options },
      fields: [],
      clock: systemClock,
      signal: new AbortController().signal,
    });

  test("are keys, set and deleted; the last word of a checkpoint counts", async () => {
    const writer = await open();
    expect(await writer.delivered()).toBeNull();
    await writer.deliver(delivery(1, [flag("f:a", true), flag("f:b", true), flag("f:a", false), flag("f:c", true)]));
    expect((await redis.keys("f:*")).sort()).toEqual(["f:b", "f:c"]);
    await writer.deliver(delivery(2, [flag("f:b", false), { ...flag("f:c", true), _op: "-D" }, { ...flag("f:d", true), _op: "-U" }]));
    expect(await redis.keys("f:*")).toEqual([]);
    expect(await writer.delivered()).toBe(2);
    await writer.close();
  });

  test("expire in Redis too where that is wanted", async () => {
    const writer = await open({ forget: true });
    const expiry = Date.now() + 60_000;
    await writer.deliver(delivery(1, [flag("f:a", true, expiry), flag("f:old", true, 1000)]));
    expect(await redis.pexpiretime("f:a")).toBe(expiry);
    expect(await redis.exists("f:old")).toBe(0);
    await writer.close();
  });

  test("are members of a set", async () => {
    const writer = await open({ set: "active" });
    await writer.deliver(delivery(1, [flag("ann", true), flag("bo", true), flag("x\r\nFLUSHALL", true)]));
    await writer.deliver(delivery(2, [flag("bo", false)]));
    expect((await redis.smembers("active")).sort()).toEqual(["ann", "x\r\nFLUSHALL"]);
    await writer.close();
  });

  test("are written once for each checkpoint, and not by an owner that was fenced", async () => {
    const writer = await open();
    await writer.deliver(delivery(3, [flag("f:a", true)], 2));
    await writer.deliver(delivery(3, [flag("f:a", false)], 2));
    await writer.deliver(delivery(2, [flag("f:a", false)], 2));
    expect(await redis.get("f:a")).toBe("1");
    await expect(writer.deliver(delivery(4, [flag("f:a", false)], 1))).rejects.toBeInstanceOf(FencedError);
    expect(await redis.get("f:a")).toBe("1");
    await writer.close();
  });

  test("that say nothing go to the dead letters; the others are written", async () => {
    const writer = await open();
    await writer.deliver(delivery(1, [flag("f:a", null), flag("", true), flag("f:b", true)]));
    expect(host.deadLetters).toMatchObject([{ reason: "is_set is not set" }, { reason: "name is not set" }]);
    expect(await redis.keys("f:*")).toEqual(["f:b"]);
    await writer.close();
  });

  test("wait for a server that is away", async () => {
    const writer = await open();
    await server.kill();
    await expect(writer.deliver(delivery(1, [flag("f:a", true)]))).rejects.toMatchObject({ code: "REDIS_UNAVAILABLE", retryable: true });
    await server.restart();
    await expect
      .poll(
        () =>
          writer.deliver(delivery(1, [flag("f:a", true)])).then(
            () => "ok",
            () => "away",
          ),
        { timeout: 10_000 },
      )
      .toBe("ok");
    expect(await writer.delivered()).toBe(1);
    await writer.close();
  });
});
