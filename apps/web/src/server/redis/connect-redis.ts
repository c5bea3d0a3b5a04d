import { Redis } from "ioredis";
import { log } from "../log.ts";

/**
 * A connection that fails fast: while Redis is away a command rejects instead of waiting in line, and the
 * connection comes back on its own. A subscriber subscribes again by itself.
 */
export function connectRedis(url: string, purpose: "commands" | "subscriber"): Redis {
  const redis = new Redis(url, {
    connectionName: `millrace-web-${purpose}`,
    connectTimeout: 2000,
    commandTimeout: purpose === "commands" ? 5000 : undefined,
    maxRetriesPerRequest: 1,
    enableOfflineQueue: purpose === "subscriber",
    retryStrategy: (attempt) => Math.min(100 * 2 ** Math.min(attempt, 5), 2000),
  });
  logOutages(redis, purpose);
  return redis;
}

/** One line when it goes and one when it comes back, not one for every attempt. */
function logOutages(redis: Redis, purpose: string): void {
  let away = false;
  redis.on("error", (error) => {
    if (!away) log.warn({ purpose, reason: error.message || String(error) }, "Redis cannot be reached");
    away = true;
  });
  redis.on("ready", () => {
    if (away) log.info({ purpose }, "Redis is back");
    away = false;
  });
}
