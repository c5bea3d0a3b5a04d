import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import type { DataFolder } from "./data-folder.ts";
import { LauncherError } from "./launcher-error.ts";
import { type ManagedProcess, type ProcessSpec, readLogEnd, startProcess } from "./managed-process.ts";
import { chooseRememberedPort } from "./ports.ts";
import { findPostgres, postgresProgram } from "./postgres-binaries.ts";
import { openCluster } from "./postgres-cluster.ts";
import { openPostgresFolder } from "./postgres-folder.ts";
import type { Service } from "./service.ts";
import { databaseUser } from "./unprivileged-user.ts";

const database = "millrace";
const startTimeoutMs = 30_000;

/**
 * Starts the PostgreSQL that comes with the npm packages, on the loopback address and with files of its own, and
 * makes the database `millrace` in it. Rejects with a `LauncherError`.
 */
export async function startEmbeddedPostgres(folder: DataFolder): Promise<Service> {
  const user = databaseUser();
  const binaries = await findPostgres(user);
  const files = await openPostgresFolder(folder, user);
  const cluster = await openCluster(binaries, files, user);
  const port = await chooseRememberedPort(folder, "postgres");
  const spec: ProcessSpec = {
    name: "postgres",
    command: postgresProgram(binaries, "postgres"),
    args: ["-D", cluster, "-p", String(port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="],
    cwd: files.path,
    env: { ...process.env, LC_ALL: "C" },
    // Fast shutdown: open transactions are rolled back, data is written.
    stopSignal: "SIGINT",
    stopTimeoutMs: 1500,
    ...(user === null ? {} : { user }),
  };
  const server = await startProcess(folder, spec);
  const urlOf = (name: string) => `postgresql://postgres:${files.password}@127.0.0.1:${port}/${name}`;
  await createDatabaseWhenReady(server, urlOf("postgres"));
  return { url: urlOf(database), process: server, restart: () => startProcess(folder, spec) };
}

async function createDatabaseWhenReady(server: ManagedProcess, url: string): Promise<void> {
  const client = await connectWhenReady(server, url);
  try {
    const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [database]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${database}`);
  } finally {
    await client.end();
  }
}

async function connectWhenReady(server: ManagedProcess, url: string): Promise<Client> {
  const deadlineMs = performance.now() + startTimeoutMs;
  for (;;) {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 2000 });
    // A server that goes away ends the query in hand with its own error; without a listener this would end the process.
    client.on("error", () => undefined);
    try {
      await client.connect();
      return client;
    } catch (error) {
      if (server.hasEnded() || performance.now() > deadlineMs) {
        const state = server.hasEnded() ? `ended (${await server.ended})` : "does not answer";
        await server.stop();
        throw new LauncherError(`PostgreSQL ${state}. The end of ${server.logPath}:\n${await readLogEnd(server.logPath)}`, "", error);
      }
      await sleep(25);
    }
  }
}
