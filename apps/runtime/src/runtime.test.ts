import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type DeploymentJob, type DeploymentStatus, redisKeys } from "@millrace/protocol";
import { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findRedisServer, startTestRedis, type TestRedis } from "./testing/redis-server.ts";

const entry = fileURLToPath(new URL("./main.ts", import.meta.url));
const binary = findRedisServer();
if (binary === null)
  console.warn("SKIPPED: the runtime while Redis is away, because there is neither redis-server nor valkey-server on the PATH");

const rowCount = 8000;

function job(): DeploymentJob {
  const fields = [
    { name: "id", type: "bigint" },
    { name: "at", type: "timestamp" },
  ];
  const pipeline = {
    id: "copy",
    name: "copy",
    settings: { checkpointInterval: "200ms" },
    nodes: {
      source: {
        type: "file-source",
        version: 1,
        params: { path: "events.ndjson", fields, timeField: "at", replay: { mode: "paced", speed: 1 } },
      },
      out: { type: "file-sink", version: 1, params: { path: "out" } },
    },
    edges: [{ from: "source.out", to: "out.in" }],
  };
  return {
    protocolVersion: 1,
    deploymentId: "copy-d1",
    pipelineId: "copy",
    version: 1,
    pipeline: JSON.stringify({ formatVersion: 1, pipeline }),
    startFrom: "latest",
  };
}

describe.skipIf(binary === null)("while Redis is away", () => {
  let directory = "";
  let server: TestRedis;
  let redis: Redis;
  const ends: (() => void)[] = [];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "millrace-away-"));
    await mkdir(join(directory, "files"));
    const lines = Array.from({ length: rowCount }, (_, id) => `${JSON.stringify({ id, at: 1_700_000_000_000 + id })}\n`);
    await writeFile(join(directory, "files", "events.ndjson"), lines.join(""));
    server = await startTestRedis();
    redis = new Redis(server.url, { maxRetriesPerRequest: null });
    redis.on("error", () => {});
  });
  afterEach(async () => {
    for (const end of ends.splice(0)) end();
    redis.disconnect();
    await server.stop();
    await rm(directory, { recursive: true, force: true, maxRetries: 10 });
  });

  function start(): { readonly output: () => string; readonly exitCode: () => number | null } {
    const env = { ...process.env, REDIS_URL: server.url, MILLRACE_DATA: directory, MILLRACE_RUNTIME_PORT: "0" };
    const child = spawn(process.execPath, [entry], { env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const collect = (piece: Buffer): void => {
      output += piece.toString();
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    ends.push(() => child.kill("SIGKILL"));
    return { output: () => output, exitCode: () => child.exitCode };
  }

  async function status(): Promise<DeploymentStatus | null> {
    const text = await redis.get(redisKeys.status("copy-d1"));
    return text === null ? null : (JSON.parse(text) as DeploymentStatus);
  }

  async function until(what: string, holds: () => Promise<boolean>, timeoutMs = 30_000): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (!(await holds())) {
      if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  const desire = () => redis.hset(redisKeys.desired, "copy-d1", JSON.stringify({ job: job(), desired: "RUNNING" }));

  async function copied(): Promise<number[]> {
    const folder = join(directory, "files", "out");
    const names = (await readdir(folder)).filter((name) => name.startsWith("part-")).sort();
    const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
    return texts
      .join("")
      .split("\n")
      .flatMap((line) => (line === "" ? [] : [(JSON.parse(line) as { id: number }).id]));
  }

  test("a runtime starts, says so, and works as soon as Redis is there", async () => {
    await server.kill();
    const runtime = start();
    await until("the message", async () => runtime.output().includes("REDIS_AWAY"));
    const port = /"port":(\d+)/.exec(runtime.output())?.[1];
    expect((await fetch(`http://127.0.0.1:${port}/livez`)).status).toBe(200);
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`);
    expect([ready.status, await ready.text()]).toEqual([503, expect.stringContaining("cannot be reached")]);
    await server.restart();
    await until("readiness", async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok);
    expect(runtime.output()).toContain("appendfsync everysec");
  }, 30_000);

  test.each([
    ["a moment", 1000],
    ["longer than the job's lock", 7000],
  ])(
    "for %s, a running deployment survives, and every row is there once",
    async (_long, awayMs) => {
      const runtime = start();
      await desire();
      await until("a few checkpoints", async () => ((await status())?.checkpoint ?? 0) >= 3);
      await server.kill();
      await new Promise((resolve) => setTimeout(resolve, awayMs));
      expect(runtime.exitCode()).toBeNull();
      await server.restart();
      await until("the end", async () => (await status())?.state === "FINISHED", 40_000);
      expect(await copied()).toEqual(Array.from({ length: rowCount }, (_, id) => id));
      expect(runtime.output().match(/REDIS_AWAY/g)?.length).toBeLessThan(12);
      expect(runtime.output()).not.toMatch(/nobody caught/);
    },
    60_000,
  );
});
