import { createDatabase, type Database } from "@millrace/db";
import type { Redis } from "ioredis";
import { bullDeploymentQueue } from "./deployments/bull-deployment-queue.ts";
import type { DeploymentQueue } from "./deployments/deployment-queue.ts";
import { LiveHub } from "./live/live-hub.ts";
import { connectRedis } from "./redis/connect-redis.ts";
import { bullRuntimeRequests, type RuntimeRequests } from "./runtime/ask-runtime.ts";
import { readSettings, type ServerSettings } from "./settings.ts";

/** All that procedures use of the world outside. */
export interface Services {
  readonly settings: ServerSettings;
  readonly database: Database;
  /** For commands; never blocked, never in subscriber mode. */
  readonly redis: Redis;
  readonly queue: DeploymentQueue;
  readonly runtime: RuntimeRequests;
  readonly live: LiveHub;
  /** Aborted when the server is to end: open streams close. */
  readonly shutdown: AbortController;
  readonly nowMs: () => number;
}

// A property of ours on the global object, declared here alone.
const holder = globalThis as typeof globalThis & { millraceServices?: Services };

/** The services of this process. Next bundles routes and instrumentation apart, so they meet on the global object. */
export function services(): Services {
  holder.millraceServices ??= createServices(readSettings(process.env));
  return holder.millraceServices;
}

function createServices(settings: ServerSettings): Services {
  const redis = connectRedis(settings.redisUrl, "commands");
  return {
    settings,
    database: createDatabase(settings.databaseUrl ?? "postgresql://millrace@127.0.0.1:5432/millrace"),
    redis,
    queue: bullDeploymentQueue(settings.redisUrl),
    runtime: bullRuntimeRequests(settings.redisUrl),
    live: new LiveHub(redis, connectRedis(settings.redisUrl, "subscriber")),
    shutdown: new AbortController(),
    nowMs: Date.now,
  };
}
