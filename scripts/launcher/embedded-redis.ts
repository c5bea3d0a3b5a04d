import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import type { DataFolder } from "./data-folder.ts";
import { LauncherError } from "./launcher-error.ts";
import { type ManagedProcess, type ProcessSpec, readLogEnd, startProcess } from "./managed-process.ts";
import { chooseRememberedPort } from "./ports.ts";
import { findRedis } from "./redis-binary.ts";
import type { Service } from "./service.ts";

const startTimeoutMs = 30_000;

/**
 * Starts a Redis of Millrace's own on the loopback address: every write is in the append-only file within a second,
 * and nothing is ever evicted. Rejects with a `LauncherError`.
 */
export async function startEmbeddedRedis(folder: DataFolder): Promise<Service> {
  const binary = await findRedis(folder);
  const files = join(folder.path, "redis");
  await mkdir(files, { recursive: true, mode: 0o700 });
  const port = await chooseRememberedPort(folder, "redis");
  const password = randomBytes(18).toString("hex");
  const configuration = join(files, "redis.conf");
  // In a file, because a command line can be read by every user of the machine.
  await writeFile(configuration, redisConfiguration(files, port, password), { mode: 0o600 });
  const libraryPath = [...binary.libraryFolders, process.env.LD_LIBRARY_PATH ?? ""].filter((entry) => entry !== "").join(delimiter);
  const spec: ProcessSpec = {
    name: "redis",
    command: binary.command,
    args: [configuration],
    cwd: files,
    env: libraryPath === "" ? process.env : { ...process.env, LD_LIBRARY_PATH: libraryPath },
    stopTimeoutMs: 1500,
  };
  const server = await startProcess(folder, spec);
  const url = `redis://:${password}@127.0.0.1:${port}`;
  await waitUntilAnswering(server, url);
  return { url, process: server, restart: () => startProcess(folder, spec) };
}

function redisConfiguration(files: string, port: number, password: string): string {
  const lines = [
    "bind 127.0.0.1",
    `port ${port}`,
    `requirepass ${password}`,
    `dir ${JSON.stringify(files)}`,
    "daemonize no",
    "appendonly yes",
    "appendfsync everysec",
    // Checkpoints come and go: rewritten as soon as by default, the file would be so all the time.
    "auto-aof-rewrite-min-size 256mb",
    'save ""',
    "maxmemory-policy noeviction",
  ];
  return `${lines.join("\n")}\n`;
}

/** A Redis that reads its append-only file answers with an error until it has. */
async function waitUntilAnswering(server: ManagedProcess, url: string): Promise<void> {
  const deadlineMs = performance.now() + startTimeoutMs;
  for (;;) {
    const problem = await redisProblem(url);
    if (problem === null) return;
    if (server.hasEnded() || performance.now() > deadlineMs) {
      const state = server.hasEnded() ? `ended (${await server.ended})` : `does not answer (${problem})`;
      await server.stop();
      throw new LauncherError(
        `Redis ${state}. The end of ${server.logPath}:\n${await readLogEnd(server.logPath)}`,
        "Mend what the log says, or set REDIS_URL to a Redis of your own.",
      );
    }
    await sleep(20);
  }
}

/** Why the Redis at `url` does not serve; null when it does. */
export async function redisProblem(url: string): Promise<string | null> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, connectTimeout: 3000, maxRetriesPerRequest: 0 });
  let problem = "it does not answer";
  client.on("error", (error: Error) => {
    problem = error.message;
  });
  try {
    await client.connect();
    await client.ping();
    return null;
  } catch (error) {
    return problem === "it does not answer" && error instanceof Error ? error.message : problem;
  } finally {
    client.disconnect();
  }
}
