import { type Delivery, FencedError, type JsonObject, type SinkWriter } from "@millrace/engine";
import { redisKeys } from "@millrace/protocol";
import { Redis } from "ioredis";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../system-clock.ts";
import { createRecordingHost, type RecordingHost } from "../../testing/connector-host.ts";
import { findRedisServer, startTestRedis, type TestRedis } from "../../testing/redis-server.ts";
import { describeTransactionalSink } from "../../testing/sink-conformance.ts";
import { createRedisKeysSink } from "./redis-keys-sink.ts";

const binary = findRedisServer();
if (binary === null) console.warn("SKIPPED: rows by key in Redis, because there is neither redis-server nor valkey-server on the PATH");

function delivery(checkpoint: number, rows: readonly JsonObject[], fencingToken = 1): Delivery {
  const text = rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  return { checkpoint, fencingToken, bytes: new TextEncoder().encode(text), records: rows.length };
}

describe.skipIf(binary === null)("rows by key in Redis", () => {
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
    host = createRecordingHost("/", { redis, secret: (name) => (name === "app" ? server.url : null) });
  });

  const open = (options: JsonObject = {}): Promise<SinkWriter> =>
    createRedisKeysSink(host).open({
      pipelineId: "shop",
      sinkId: "features:sink",
      options: { connection: "app", nameMember: "_redis_name", value: "hash", forgetMs: null, ...options },
      fields: [],
      clock: systemClock,
      signal: new AbortController().signal,
    });

  describe("as every transactional sink", () => {
    describeTransactionalSink(async () => ({
      open: () => open({ nameMember: "id_name", value: "json" }).then(namedById),
      ids: async () => (await redis.keys("row:*")).map((name) => Number(name.slice(4))).sort((a, b) => a - b),
    }));

    /** The suite's rows have an id and no name. */
    function namedById(writer: SinkWriter): SinkWriter {
      return {
        ...writer,
        delivered: () => writer.delivered(),
        close: () => writer.close(),
        deliver(given) {
          const text = new TextDecoder().decode(given.bytes).replaceAll(/\{"id":(\d+)/g, '{"id_name":"row:$1","id":$1');
          return writer.deliver({ ...given, bytes: new TextEncoder().encode(text) });
        },
      };
    }
  });

  test("are hashes; a row replaces all of the one before it, and the last of a checkpoint counts", async () => {
    const writer = await open();
    await writer.deliver(delivery(1, [{ _redis_name: "f:ann", recent: 1, tier: "gold", tags: ["a", "b"], none: null }]));
    expect(await redis.hgetall("f:ann")).toEqual({ recent: "1", tier: "gold", tags: '["a","b"]' });
    await writer.deliver(
      delivery(2, [
        { _redis_name: "f:ann", recent: 2, tier: "gold" },
        { _redis_name: "f:bo", recent: 7 },
        { _redis_name: "f:ann", recent: 3, tier: null },
      ]),
    );
    expect(await redis.hgetall("f:ann")).toEqual({ recent: "3" });
    expect(await redis.hgetall("f:bo")).toEqual({ recent: "7" });
    await writer.close();
  });

  test("leave when their rows are taken back, and stay when they are replaced", async () => {
    const writer = await open({ value: "json" });
    await writer.deliver(
      delivery(1, [
        { _redis_name: "f:ann", n: 1, _op: "+I" },
        { _redis_name: "f:bo", n: 1, _op: "+I" },
      ]),
    );
    await writer.deliver(
      delivery(2, [
        { _redis_name: "f:ann", n: 1, _op: "-U" },
        { _redis_name: "f:ann", n: 2, _op: "+U" },
        { _redis_name: "f:bo", n: 1, _op: "-D" },
      ]),
    );
    expect(await redis.keys("f:*")).toEqual(["f:ann"]);
    expect(await redis.get("f:ann")).toBe('{"n":2}');
    await writer.close();
  });

  test("are forgotten some time after their newest row", async () => {
    const writer = await open({ forgetMs: 60_000 });
    await writer.deliver(delivery(1, [{ _redis_name: "f:ann", n: 1 }]));
    const left = await redis.pttl("f:ann");
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(60_000);
    await writer.close();
  });

  test("go to the runtime's own Redis under a prefix of the pipeline when no connection is named", async () => {
    const writer = await open({ connection: null });
    await writer.deliver(delivery(1, [{ _redis_name: "features:ann", n: 1 }]));
    expect(await redis.hgetall(redisKeys.rows("shop", "features:ann"))).toEqual({ n: "1" });
    expect(await redis.exists("features:ann")).toBe(0);
    await writer.close();
    expect(redis.status).toBe("ready");
  });

  test("cannot be kept without any Redis, and the message says what to do", async () => {
    host = createRecordingHost("/", { redis: null });
    await expect(open({ connection: null })).rejects.toMatchObject({ code: "CONNECTION_MISSING", retryable: false });
  });

  test("without a name go to the dead letters; the others are written", async () => {
    const writer = await open();
    await writer.deliver(
      delivery(1, [
        { _redis_name: null, n: 1 },
        { _redis_name: "", n: 2 },
        { _redis_name: "f:x\r\nFLUSHALL", n: 3 },
      ]),
    );
    expect(host.deadLetters).toMatchObject([{ reason: "the key has no name" }, { reason: "the key has no name" }]);
    expect(await redis.keys("f:*")).toEqual(["f:x\r\nFLUSHALL"]);
    await writer.close();
  });

  test("are not written by an owner that was fenced", async () => {
    const writer = await open();
    await writer.deliver(delivery(3, [{ _redis_name: "f:ann", n: 1 }], 2));
    await expect(writer.deliver(delivery(4, [{ _redis_name: "f:ann", n: 9 }], 1))).rejects.toBeInstanceOf(FencedError);
    expect(await redis.hgetall("f:ann")).toEqual({ n: "1" });
    await writer.close();
  });
});
