import { FencedError, type SinkWriter, stringType } from "@millrace/engine";
import { redisKeys } from "@millrace/protocol";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../system-clock.ts";
import { createRecordingHost } from "../testing/connector-host.ts";
import { findRedisServer, startTestRedis, type TestRedis } from "../testing/redis-server.ts";
import { describeTransactionalSink } from "../testing/sink-conformance.ts";
import { createAlertInboxSink, createLiveTableSink } from "./redis-rows-sink.ts";

const binary = findRedisServer();
if (binary === null) console.warn("SKIPPED: sinks in Redis, because there is neither redis-server nor valkey-server on the PATH");

describe.skipIf(binary === null)("rows in Redis", () => {
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

  function open(pipelineId: string, keepRows = 1000): Promise<SinkWriter> {
    const context = { pipelineId, sinkId: "table:sink", options: { keepRows }, fields: [{ name: "id", type: stringType }] };
    return createLiveTableSink(createRecordingHost("/", { redis })).open({
      ...context,
      clock: systemClock,
      signal: new AbortController().signal,
    });
  }

  async function rows(pipelineId: string): Promise<string[]> {
    const entries = await redis.xrange(redisKeys.liveTable(pipelineId, "table"), "-", "+");
    return entries.map(([, fields]) => fields?.[1] ?? "");
  }

  const delivery = (checkpoint: number, fencingToken: number, ...ids: readonly string[]) => ({
    checkpoint,
    fencingToken,
    bytes: new TextEncoder().encode(ids.map((id) => `{"id":"${id}"}\n`).join("")),
    records: ids.length,
  });

  let sinks = 0;
  describeTransactionalSink(async () => {
    const pipelineId = `conforming${sinks++}`;
    return { open: () => open(pipelineId), ids: async () => (await rows(pipelineId)).map((line) => Number(JSON.parse(line).id)) };
  });

  test("a checkpoint's rows are appended once, and a stale token appends nothing", async () => {
    const sink = await open("once");
    expect(await sink.delivered()).toBeNull();
    await sink.deliver(delivery(1, 3, "a", "b"));
    await sink.deliver(delivery(1, 3, "a", "b"));
    await sink.deliver(delivery(2, 4));
    expect(await sink.delivered()).toBe(2);
    await expect(sink.deliver(delivery(3, 3, "zombie"))).rejects.toThrow(FencedError);
    await sink.deliver(delivery(3, 4, "c é"));
    expect(await rows("once")).toEqual(['{"id":"a"}', '{"id":"b"}', '{"id":"c é"}']);
  });

  test("of a checkpoint with more rows than are kept, the last come", async () => {
    const sink = await open("many", 100);
    await sink.deliver(delivery(1, 1, ...Array.from({ length: 5000 }, (_, i) => String(i))));
    const kept = await rows("many");
    expect(kept).toHaveLength(100);
    expect(kept.at(-1)).toBe('{"id":"4999"}');
  });

  test("rows that no checkpoint holds yet are written at once, and leave the number as it is", async () => {
    const sink = await open("at-once");
    const now = (fencingToken: number, id: string) => {
      const { bytes, records } = delivery(0, fencingToken, id);
      return sink.writeNow?.({ fencingToken, bytes, records });
    };
    await now(2, "a");
    await now(2, "b");
    expect(await sink.delivered()).toBe(null);
    await sink.deliver(delivery(5, 2, "c"));
    await now(3, "d");
    expect(await sink.delivered()).toBe(5);
    await expect(now(2, "e")).rejects.toBeInstanceOf(FencedError);
    expect(await rows("at-once")).toEqual(['{"id":"a"}', '{"id":"b"}', '{"id":"c"}', '{"id":"d"}']);
  });

  test("alerts of several inboxes of a pipeline share a stream and keep their markers apart", async () => {
    const inbox = createAlertInboxSink(createRecordingHost("/", { redis }));
    const context = { pipelineId: "alerts", options: {}, fields: [], clock: systemClock, signal: new AbortController().signal };
    await (await inbox.open({ ...context, sinkId: "one:sink" })).deliver(delivery(1, 1, "a"));
    await (await inbox.open({ ...context, sinkId: "two:sink" })).deliver(delivery(1, 1, "b"));
    const entries = await redis.xrange(redisKeys.alerts("alerts"), "-", "+");
    expect(entries.map(([, fields]) => fields)).toEqual([
      ["row", '{"id":"a"}', "sink", "one", "checkpoint", "1"],
      ["row", '{"id":"b"}', "sink", "two", "checkpoint", "1"],
    ]);
  });
});
