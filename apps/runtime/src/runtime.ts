import { hostname } from "node:os";
import { type RuntimeInfo, redisKeys } from "@millrace/protocol";
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import { startHealthServer } from "./http/health-server.ts";
import { prometheusText } from "./http/prometheus.ts";
import { type BootChecks, checkRedis } from "./redis/boot-checks.ts";
import { connectRedis } from "./redis/connect-redis.ts";
import { withoutPassword } from "./redis/reach-redis.ts";
import type { RuntimeConfig } from "./runtime-config.ts";
import { Supervisor } from "./supervisor/supervisor.ts";
import { systemClock } from "./system-clock.ts";

/** A runtime that has started. */
export interface Runtime {
  /** Of the health endpoints. */
  readonly port: number;
  /** An ordered end within three seconds: last checkpoints, jobs back into the queue. */
  stop(): Promise<void>;
}

const announceEveryMs = 5000;
const announcedForMs = 15_000;
const stopWithinMs = 2800;

/** Starts the health endpoints, waits for Redis, checks it, and runs deployments. */
export async function startRuntime(config: RuntimeConfig, logger: Logger): Promise<Runtime> {
  const startedAtMs = systemClock.now();
  const redis = connectRedis(config.redisUrl, "supervisor", logger);
  const supervisor = new Supervisor(config, redis, logger);
  let checks: BootChecks | null = null;
  let stopping = false;
  const server = await startHealthServer(config.port, {
    notReady() {
      if (stopping) return "shutting down";
      if (redis.status !== "ready") return `Redis at ${withoutPassword(config.redisUrl)} cannot be reached`;
      return checks === null ? "Redis has not been checked yet" : null;
    },
    metrics: () => prometheusText(supervisor.deployments(), redis.status === "ready", systemClock.now()),
  });
  const address = server.address();
  const port = address === null || typeof address === "string" ? config.port : address.port;
  logger.info({ port, redis: withoutPassword(config.redisUrl), files: config.fileFolders }, "runtime started");

  const announce = (): void => {
    if (redis.status === "ready") void announceRuntime(redis, config, supervisor, startedAtMs, checks).catch(() => {});
  };
  const timer = setInterval(announce, announceEveryMs);
  const booted = checkRedis(redis).then((found) => {
    checks = found;
    for (const problem of found.problems) logger.error({ code: "REDIS_SETTINGS" }, problem);
    logger.info({ redisVersion: found.version, durability: found.durability }, found.promise);
    if (!stopping) supervisor.start();
    announce();
  });
  booted.catch((cause: unknown) => logger.fatal({ err: cause }, "Redis could not be checked"));

  return {
    port,
    async stop() {
      stopping = true;
      clearInterval(timer);
      const ordered = supervisor.stop().catch((cause: unknown) => logger.error({ err: cause }, "the end was not an orderly one"));
      await Promise.race([ordered, systemClock.sleep(stopWithinMs)]);
      if (redis.status === "ready")
        await Promise.race([redis.del(redisKeys.runtime(config.runtimeId)).catch(() => 0), systemClock.sleep(100)]);
      redis.disconnect();
      server.closeAllConnections();
      server.close();
      logger.info("runtime stopped");
    },
  };
}

async function announceRuntime(
  redis: Redis,
  config: RuntimeConfig,
  supervisor: Supervisor,
  startedAtMs: number,
  checks: BootChecks | null,
): Promise<void> {
  const info: RuntimeInfo = {
    runtimeId: config.runtimeId,
    host: hostname(),
    pid: process.pid,
    startedAtMs,
    updatedAtMs: systemClock.now(),
    deployments: [...supervisor.deploymentIds],
    durability: checks?.durability ?? "unknown",
  };
  await redis.set(redisKeys.runtime(config.runtimeId), JSON.stringify(info), "PX", announcedForMs);
}
