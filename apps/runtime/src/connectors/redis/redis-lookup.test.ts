import {
  bigintType,
  booleanType,
  checkGraph,
  createMemoryCheckpointStore,
  createMemorySink,
  createMemorySource,
  createPipelineRun,
  doubleType,
  type Field,
  type JsonObject,
  type LogicalPlan,
  type LookupKey,
  type LookupReader,
  parsePipeline,
  planGraph,
  type SourceConnector,
  stringType,
  timestampType,
} from "@millrace/engine";
import { catalogue } from "@millrace/nodes";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../system-clock.ts";
import { createRecordingHost } from "../../testing/connector-host.ts";
import { findRedisServer, startTestRedis, type TestRedis } from "../../testing/redis-server.ts";
import { createEgressPolicy } from "../egress-policy.ts";
import { createRedisLookup } from "./redis-lookup.ts";

const binary = findRedisServer();
if (binary === null) console.warn("SKIPPED: lookups in Redis, because there is neither redis-server nor valkey-server on the PATH");

const fields: readonly Field[] = [
  { name: "name", type: stringType },
  { name: "visits", type: bigintType },
  { name: "score", type: doubleType },
  { name: "vip", type: booleanType },
  { name: "since", type: timestampType },
];

describe.skipIf(binary === null)("a lookup in Redis", () => {
  let server: TestRedis;
  let redis: Redis;
  beforeAll(async () => {
    server = await startTestRedis();
    redis = new Redis(server.url);
    redis.on("error", () => {});
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  const open = (value: string, of: readonly Field[] = fields, connection = "crm", allow = "127.0.0.0/8"): Promise<LookupReader> => {
    const secret = (name: string) => (name === "crm" ? server.url : name === "wrong" ? "http://x/" : null);
    const host = createRecordingHost("/", { secret, egress: createEgressPolicy(allow) });
    const options = { connection, parts: ["c:", ""], value };
    return createRedisLookup(host).open({ options, keys: ["id"], fields: of, clock: systemClock, signal: new AbortController().signal });
  };
  const ask = (reader: LookupReader, ...keys: LookupKey[]) => reader.lookup(keys, new AbortController().signal);

  test("reads hashes by the types of the fields; a key that is not there has no row", async () => {
    await redis.hset("c:7", { name: "Ann", visits: "12", score: "0.5", vip: "true", since: "2026-01-02T03:04:05Z" });
    await redis.hset("c:8", { name: "Bo" });
    await redis.hset("c:9", { name: "Cy", visits: "many" });
    const reader = await open("hash");
    expect(await ask(reader, ["7"], ["8"], ["nobody"], ["9"])).toEqual([
      { kind: "row", values: ["Ann", 12, 0.5, true, Date.UTC(2026, 0, 2, 3, 4, 5)] },
      { kind: "row", values: ["Bo", null, null, null, null] },
      { kind: "none" },
      { kind: "failed", reason: expect.stringContaining("visits is declared bigint") },
    ]);
    await reader.close();
  });

  test("reads JSON objects and plain texts; what is neither fails alone", async () => {
    await redis.mset({ "c:j": '{"name":"Ann","visits":3}', "c:broken": "{", "c:list": "[1]", "c:n": "42" });
    await redis.rpush("c:other", "x");
    const json = await open("json");
    expect(await ask(json, ["j"], ["broken"], ["list"], ["nobody"], ["other"])).toEqual([
      { kind: "row", values: ["Ann", 3, null, null, null] },
      { kind: "failed", reason: expect.stringContaining("no JSON object") },
      { kind: "failed", reason: expect.stringContaining("no JSON object") },
      { kind: "none" },
      { kind: "failed", reason: expect.stringContaining("WRONGTYPE") },
    ]);
    await json.close();
    const text = await open("text", [{ name: "count", type: bigintType }]);
    expect(await ask(text, ["n"], ["j"])).toEqual([
      { kind: "row", values: [42] },
      { kind: "failed", reason: expect.stringContaining("count is declared bigint") },
    ]);
    await text.close();
  });

  test("values are never commands", async () => {
    await redis.set("canary", "alive");
    const reader = await open("text", [{ name: "v", type: stringType }]);
    const hostile = ["x\r\nFLUSHALL\r\n", "x' ; DROP", '"', "*", "\u0000", "é"];
    for (const value of hostile) await redis.set(`c:${value}`, "found");
    const answers = await ask(reader, ...hostile.map((value): LookupKey => [value]));
    expect(answers).toEqual(hostile.map(() => ({ kind: "row", values: ["found"] })));
    expect(await redis.get("canary")).toBe("alive");
    await reader.close();
  });

  test("a lost server is a failure that can pass, and is found again", async () => {
    await redis.hset("c:7", { name: "Ann" });
    const reader = await open("hash");
    await server.kill();
    await expect(ask(reader, ["7"])).rejects.toMatchObject({ code: "REDIS_UNAVAILABLE", retryable: true });
    await server.restart();
    await expect.poll(() => ask(reader, ["nobody"]).catch(() => null), { timeout: 10_000 }).toEqual([{ kind: "none" }]);
    await reader.close();
  });

  test("a server that hangs does not hold back the tries that follow", async () => {
    const reader = await open("hash");
    await redis.call("CLIENT", "PAUSE", "60000", "ALL");
    const abort = new AbortController();
    const hanging = reader.lookup([["7"]], abort.signal);
    setTimeout(() => abort.abort(), 50);
    await expect(hanging).rejects.toMatchObject({ retryable: true });
    await server.kill();
    await server.restart();
    await expect.poll(() => ask(reader, ["nobody"]).catch(() => null), { timeout: 10_000 }).toEqual([{ kind: "none" }]);
    await reader.close();
  });

  test("an unknown or wrong connection, and an address that is not allowed, are said so without the address", async () => {
    await expect(open("hash", fields, "none")).rejects.toMatchObject({
      code: "CONNECTION_MISSING",
      message: expect.stringContaining("MILLRACE_SECRET_NONE"),
    });
    await expect(open("hash", fields, "wrong")).rejects.toMatchObject({ code: "CONNECTION_INVALID" });
    await expect(open("hash", fields, "crm", "")).rejects.toMatchObject({ code: "EGRESS_DENIED", retryable: false });
  });

  test("a run loses nothing and repeats nothing when the server dies in its midst", async () => {
    const users = Array.from({ length: 50 }, (_, i) => `u${i}`);
    for (const user of users) await redis.hset(`c:${user}`, { name: user.toUpperCase() });
    const host = createRecordingHost("/", { secret: () => server.url });
    const feed = Array.from({ length: 2000 }, (_, i) => ({ id: i, user: users[i % 50] }));
    const sink = createMemorySink();
    let isKilled = false;
    const run = createPipelineRun({
      plan: usersPlan(),
      graphHash: "g",
      checkpointIntervalMs: 20,
      connectors: {
        sources: new Map([["file", memoryUsers(feed)]]),
        sinks: new Map([["live-table", sink]]),
        lookups: new Map([["redis", createRedisLookup(host)]]),
      },
      store: createMemoryCheckpointStore(),
      clock: systemClock,
      startFrom: "latest",
      onEvent: ({ kind }) => {
        if (kind !== "checkpoint-committed" || isKilled) return;
        isKilled = true;
        void server.kill().then(() => server.restart());
      },
    });
    await expect(run.run()).resolves.toBe("finished");
    expect(isKilled).toBe(true);
    const rows = sink.rows("rows:sink").map(({ id, name }) => `${id} ${name}`);
    expect(rows).toEqual(feed.map(({ id, user }) => `${id} ${user.toUpperCase()}`));
  });
});

/** The file source's stand-in: rows in memory. */
function memoryUsers(rows: readonly JsonObject[]): SourceConnector {
  const memory = createMemorySource({ users: rows }, { batchRows: 50 });
  return { open: (context) => memory.open({ ...context, options: { feed: "users" } }) };
}

/** A file of users → their names out of the hashes `c:…` → a live table. */
function usersPlan(): LogicalPlan {
  const fields = [
    { name: "id", type: "bigint" },
    { name: "user", type: "string" },
  ];
  const answer = { fields: [{ name: "name", type: "string" }], cacheFor: "0s", retries: 1000, capacity: 20 };
  const pipeline = {
    id: "users",
    name: "Users",
    nodes: {
      users: { type: "file-source", version: 1, params: { path: "users.ndjson", fields } },
      names: { type: "redis-lookup", version: 1, params: { connection: "crm", key: "c:{user}", ...answer } },
      rows: { type: "live-table", version: 1 },
    },
    edges: [
      { from: "names.out", to: "rows.in" },
      { from: "users.out", to: "names.in" },
    ],
  };
  const parsed = parsePipeline(JSON.stringify({ formatVersion: 1, pipeline }), catalogue);
  if (!parsed.ok) throw new Error(parsed.diagnostics[0].message);
  const { checked, diagnostics } = checkGraph(parsed.value.pipeline, catalogue);
  if (checked === null) throw new Error(diagnostics[0].message);
  const plan = planGraph(checked);
  if (!plan.ok) throw new Error(plan.diagnostics[0].message);
  return plan.value;
}
