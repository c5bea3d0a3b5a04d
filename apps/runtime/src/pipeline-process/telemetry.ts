import type { DeadLetter } from "@millrace/engine";
import { type DeadLetterEntry, type DeploymentJob, type MetricsFrame, redisKeys, streamCaps } from "@millrace/protocol";
import type { Redis } from "ioredis";

const mostLettersAtOnce = 100;

/**
 * Sends what is good to know but not part of any guarantee: frames, log lines, dead letters. Nothing is queued
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

  /** Keeps the last hundred of many. */
  deadLetters(node: string, letters: readonly DeadLetter[], nowMs: number): void {
    const { pipelineId, deploymentId } = this.#job;
    for (const { position, reason, raw } of letters.slice(-mostLettersAtOnce)) {
      const entry: DeadLetterEntry = { atMs: nowMs, deploymentId, node, position, reason, raw };
      this.#send((redis) =>
        redis.xadd(redisKeys.deadLetters(pipelineId), "MAXLEN", "~", streamCaps.deadLetters, "*", "row", JSON.stringify(entry)),
      );
    }
  }

  #send(command: (redis: Redis) => Promise<unknown>): void {
    if (this.#redis.status === "ready") command(this.#redis).catch(() => {});
  }
}
