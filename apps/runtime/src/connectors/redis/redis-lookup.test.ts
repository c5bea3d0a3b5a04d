import {
  bigintType,
  booleanType,
  doubleType,
  type Field,
  type LookupKey,
  type LookupReader,
  stringType,
  timestampType,
} from "@millrace/engine";
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
});
