import { type DeploymentJob, type MetricsFrame, redisKeys, streamCaps } from "@millrace/protocol";
import type { Redis } from "ioredis";

/**
 * Sends what is good to know but not part of any guarantee: frames and log lines. Nothing is queued
 * while Redis is away, and nothing here ever fails the pipeline. The connection must not queue commands offline.
 */
export class Telemetry {
  readonly #redis: Redis;
  readonly #job: DeploymentJob;

  constructor(redis: Redis, job: DeploymentJob) {
    this.#redis = redis;
    this.#job = job;
  }

  frame(frame: MetricsFrame): void {
    const text = JSON.stringify(frame);
    const id = this.#job.deploymentId;
    this.#send((redis) => redis.publish(redisKeys.metricsChannel(id), text));
    this.#send((redis) => redis.xadd(redisKeys.metricsStream(id), "MAXLEN", "~", streamCaps.metrics, "*", "frame", text));
  }

  logLine(line: string): void {
    this.#send((redis) => redis.xadd(redisKeys.logs(this.#job.deploymentId), "MAXLEN", "~", streamCaps.logs, "*", "line", line));
  }

  #send(command: (redis: Redis) => Promise<unknown>): void {
    if (this.#redis.status === "ready") command(this.#redis).catch(() => {});
  }
}
