import { spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A Redis server of a test's own, on loopback. */
export interface TestRedis {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Ends the server and removes its data. */
  stop(): Promise<void>;
}

/** Name of a Redis server on the PATH; null when there is none. In CI its absence is an error. */
export function findRedisServer(): string | null {
  const found = ["redis-server", "valkey-server"].find((name) => spawnSync(name, ["--version"]).status === 0) ?? null;
  if (found === null && process.env.CI === "true") throw new Error("CI needs redis-server or valkey-server on the PATH");
  return found;
}

/** Starts a server with an empty data directory on `port` (default: a free one) and waits until it answers. */
export async function startTestRedis(port?: number): Promise<TestRedis> {
  const binary = findRedisServer();
  if (binary === null) throw new Error("neither redis-server nor valkey-server is on the PATH");
  const directory = await mkdtemp(join(tmpdir(), "millrace-redis-"));
  const at = port ?? (await freePort());
  const settings = ["--appendonly", "yes", "--appendfsync", "everysec", "--save", "", "--maxmemory-policy", "noeviction"];
  const child = spawn(binary, ["--port", String(at), "--bind", "127.0.0.1", "--dir", directory, ...settings], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`${binary} ended with code ${code}`)));
    let log = "";
    child.stdout.on("data", (piece: Buffer) => {
      log += piece.toString();
      if (log.includes("Ready to accept connections")) resolve();
    });
  });
  return {
    url: `redis://127.0.0.1:${at}`,
    port: at,
    pid: child.pid ?? -1,
    async stop() {
      child.kill("SIGKILL");
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
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
