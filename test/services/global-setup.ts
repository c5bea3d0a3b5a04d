import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deployMigrations } from "@millrace/db/deploy-migrations";
import { startServices } from "@millrace/scripts/start-services";
import type { TestProject } from "vitest/node";

/** Starts a PostgreSQL with Millrace's tables and a Redis for the whole run of the integration tests; see `testServices`. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), "millrace-services-"));
  const services = await startServices({ dataDir });
  const end = async () => {
    await services.stop();
    await rm(dataDir, { recursive: true, force: true, maxRetries: 10 });
  };
  try {
    await deployMigrations(services.databaseUrl);
  } catch (error) {
    await end();
    throw error;
  }
  project.provide("services", { databaseUrl: services.databaseUrl, redisUrl: services.redisUrl });
  return end;
}
