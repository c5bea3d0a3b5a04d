import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A Redis server of a test's own, on loopback. */
export interface TestRedis {
  readonly url: string;
  /** Ends the server at once; its data stays. */
  kill(): Promise<void>;
  /** Starts it again after `kill`, on the same port and data. */
  restart(): Promise<void>;
  /** Ends the server and removes its data. */
  stop(): Promise<void>;
}

/** Name of a Redis server on the PATH; null when there is none. In CI its absence is an error. */
export function findRedisServer(): string | null {
  const found = ["redis-server", "valkey-server"].find((name) => spawnSync(name, ["--version"]).status === 0) ?? null;
  if (found === null && process.env.CI === "true") throw new Error("CI needs redis-server or valkey-server on the PATH");
  return found;
}

/** Starts a server with an empty data directory on a free port and waits until it answers. */
export async function startTestRedis(): Promise<TestRedis> {
  const binary = findRedisServer();
  if (binary === null) throw new Error("neither redis-server nor valkey-server is on the PATH");
  const directory = await mkdtemp(join(tmpdir(), "millrace-redis-"));
  const port = await freePort();
  let server = await start(binary, directory, port);
  return {
    url: `redis://127.0.0.1:${port}`,
    kill: () => end(server),
    async restart() {
      server = await start(binary, directory, port);
    },
    async stop() {
      await end(server);
      await rm(directory, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

async function start(binary: string, directory: string, port: number): Promise<ChildProcess> {
  const settings = ["--appendonly", "yes", "--appendfsync", "everysec", "--save", "", "--maxmemory-policy", "noeviction"];
  const server = spawn(binary, ["--port", String(port), "--bind", "127.0.0.1", "--dir", directory, ...settings], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise<void>((resolve, reject) => {
    server.once("exit", (code) => reject(new Error(`${binary} ended with code ${code}`)));
    let log = "";
    server.stdout?.on("data", (piece: Buffer) => {
      log += piece.toString();
      if (log.includes("Ready to accept connections")) resolve();
    });
  });
  return server;
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once("exit", resolve));
  server.kill("SIGKILL");
  await ended;
}

/** A TCP port of loopback that is free just now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
