import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServices } from "@millrace/scripts/start-services";

/** A PostgreSQL server of a test's own, on loopback. */
export interface TestPostgres {
  readonly url: string;
  /** Ends the server and removes its data. */
  stop(): Promise<void>;
}

/** Starts an empty database and waits until it answers. */
export async function startTestPostgres(): Promise<TestPostgres> {
  const dataDir = await mkdtemp(join(tmpdir(), "millrace-postgres-"));
  const services = await startServices({ dataDir });
  return {
    url: services.databaseUrl,
    async stop() {
      await services.stop();
      await rm(dataDir, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}
