import { Redis, type RedisOptions } from "ioredis";
import type { Logger } from "pino";

const longestPauseMs = 2000;

/**
 * A connection that comes back by itself: commands wait while Redis is away. Going and coming back are one
 * log line each. `settings` overrides (telemetry does not queue).
 */
export function connectRedis(url: string, purpose: string, logger: Logger, settings: Pick<RedisOptions, "enableOfflineQueue"> = {}): Redis {
  const redis = new Redis(url, {
    maxRetriesPerRequest: null,
    connectionName: `millrace-${purpose}`,
    retryStrategy: (times) => Math.min(longestPauseMs, 50 * 2 ** Math.min(10, times)) + Math.random() * 100,
    ...settings,
  });
  let away = false;
  redis.on("error", (error: Error & { readonly code?: string }) => {
    if (!away)
      logger.error(
        { code: "REDIS_AWAY", purpose, reason: error.code ?? error.message },
        "Redis cannot be reached; trying again until it can",
      );
    away = true;
  });
  redis.on("ready", () => {
    if (away) logger.info({ code: "REDIS_BACK", purpose }, "Redis can be reached again");
    away = false;
  });
  return redis;
}
