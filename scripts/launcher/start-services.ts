import { type DataFolder, openDataFolder } from "./data-folder.ts";
import { startEmbeddedPostgres } from "./embedded-postgres.ts";
import { startEmbeddedRedis } from "./embedded-redis.ts";
import { lockInstance } from "./instance-lock.ts";
import { checkOwnDatabase, checkOwnRedis } from "./own-services.ts";
import { findRunning, removePidFile } from "./pid-file.ts";
import type { Service } from "./service.ts";
import { stopProcess } from "./stop-process.ts";

/** Where a service can be reached, and the process when the launcher started it. */
export interface ReachableService {
  readonly url: string;
  readonly service: Service | null;
}

/** A data folder that belongs to this process. */
export interface OwnedDataFolder {
  readonly folder: DataFolder;
  release(): Promise<void>;
}

/** Takes the data folder and ends what a killed launcher left running: applications first, then their services. */
export async function takeDataFolder(path: string): Promise<OwnedDataFolder> {
  const folder = await openDataFolder(path);
  const release = await lockInstance(folder);
  const orphans = await findRunning(folder);
  const isService = (name: string) => name === "postgres" || name === "redis";
  for (const group of [orphans.filter(({ name }) => !isService(name)), orphans.filter(({ name }) => isService(name))]) {
    await Promise.all(group.map((orphan) => stopProcess(orphan, 3000)));
  }
  for (const { name } of orphans) await removePidFile(folder, name);
  return { folder, release };
}

/** PostgreSQL: the one at `ownUrl` when that is set, otherwise the embedded one. */
export async function startPostgres(folder: DataFolder, ownUrl: string | undefined): Promise<ReachableService> {
  if (ownUrl !== undefined && ownUrl !== "") {
    await checkOwnDatabase(ownUrl);
    return { url: ownUrl, service: null };
  }
  const service = await startEmbeddedPostgres(folder);
  return { url: service.url, service };
}

/** Redis: the one at `ownUrl` when that is set, otherwise one that is started. */
export async function startRedis(folder: DataFolder, ownUrl: string | undefined): Promise<ReachableService> {
  if (ownUrl !== undefined && ownUrl !== "") {
    await checkOwnRedis(ownUrl);
    return { url: ownUrl, service: null };
  }
  const service = await startEmbeddedRedis(folder);
  return { url: service.url, service };
}

/** The services of a test run. */
export interface StartedServices {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** Ends both; the data folder stays. */
  stop(): Promise<void>;
}

/**
 * Starts an embedded PostgreSQL (an empty database, without tables on the first start) and a Redis with their files
 * in `dataDir`. For tests: what DATABASE_URL and REDIS_URL name is never touched.
 */
export async function startServices(options: { readonly dataDir: string }): Promise<StartedServices> {
  const { folder, release } = await takeDataFolder(options.dataDir);
  const started: Service[] = [];
  const stop = async () => {
    await Promise.all(started.map((service) => service.process.stop()));
    await release();
  };
  try {
    const postgres = await startEmbeddedPostgres(folder);
    started.push(postgres);
    const redis = await startEmbeddedRedis(folder);
    started.push(redis);
    return { databaseUrl: postgres.url, redisUrl: redis.url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
