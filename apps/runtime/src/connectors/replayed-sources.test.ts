import { type JsonValue, type SourceChunk, type SourceConnector, stringType } from "@millrace/engine";
import { redisKeys } from "@millrace/protocol";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../system-clock.ts";
import { findRedisServer, startTestRedis, type TestRedis } from "../testing/redis-server.ts";
import { replayedSources } from "./replayed-sources.ts";

const binary = findRedisServer();
if (binary === null) console.warn("SKIPPED: replayed dead letters, because there is neither redis-server nor valkey-server on the PATH");

/** Counts up from its position, one line a poll. */
const counting: SourceConnector = {
  async open({ position }) {
    let at = typeof position === "number" ? position : 0;
    return {
      poll: async () => ({ kind: "bytes", split: "numbers", bytes: Buffer.from(`${at++}\n`), firstLine: at }),
      position: () => at,
      async close() {},
    };
  },
};

describe.skipIf(binary === null)("dead letters that are sent back", () => {
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

  async function open(pipelineId: string, position: JsonValue | null) {
    let nowMs = 0;
    const clock = { ...systemClock, monotonic: () => (nowMs += 2000) };
    const source = replayedSources(new Map([["file", counting]]), redis).get("file");
    const context = { pipelineId, sourceId: "in:source", options: {}, fields: [{ name: "n", type: stringType }], liveFields: [true] };
    const reader = await source?.open({ ...context, position, clock, signal: new AbortController().signal });
    if (reader === undefined) throw new Error("no reader");
    return reader;
  }

  const send = (pipelineId: string, raw: string) => redis.xadd(redisKeys.replay(pipelineId, "in"), "*", "raw", raw);
  const text = (chunk: SourceChunk): string =>
    chunk.kind === "bytes" ? `${chunk.split}: ${Buffer.from(chunk.bytes).toString()}` : chunk.kind;

  test("come once, between the source's own records, and are not read again after a restart", async () => {
    const reader = await open("once", null);
    expect(text(await reader.poll())).toBe("numbers: 0\n");
    expect(reader.position()).toBe(1);
    await send("once", '{"a":\n1}');
    await send("once", "b");
    expect(text(await reader.poll())).toBe('numbers: {"a": 1}\nb\n');
    const position = reader.position();
    expect(position).toMatchObject({ position: 1 });
    expect(text(await reader.poll())).toBe("numbers: 1\n");
    const again = await open("once", position);
    expect(text(await again.poll())).toBe("numbers: 1\n");
    await send("once", "c");
    expect(text(await again.poll())).toBe("numbers: c\n");
  });

  test("come again when the checkpoint that held them was never committed", async () => {
    await send("crash", "a");
    const reader = await open("crash", 5);
    expect(text(await reader.poll())).toBe("replay: a\n");
    const after = await open("crash", 5);
    expect(text(await after.poll())).toBe("replay: a\n");
  });

  test("do not stop the source while Redis is away", async () => {
    const gone = new Redis(server.url, { lazyConnect: true, enableOfflineQueue: false });
    const source = replayedSources(new Map([["file", counting]]), gone).get("file");
    const context = { pipelineId: "away", sourceId: "in:source", options: {}, fields: [], liveFields: [], position: null };
    const reader = await source?.open({ ...context, clock: systemClock, signal: new AbortController().signal });
    expect(text((await reader?.poll()) ?? { kind: "idle" })).toBe("numbers: 0\n");
    gone.disconnect();
  });
});
