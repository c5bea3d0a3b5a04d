import {
  type ControlMessage,
  type DesiredDeployment,
  deploymentJobName,
  deploymentJobOptions,
  problemCodes,
  redisKeys,
  streamCaps,
} from "@millrace/protocol";
import type { Queue } from "bullmq";
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import { systemClock } from "../system-clock.ts";
import { parseDesired } from "./admission.ts";
import { isTerminal, readStatus, StatusWriter } from "./deployment-status.ts";

const everyMs = 3000;
/** A little less than the interval, so that one of the runtimes does it each time. */
const lockMs = 2800;

/**
 * Compares what is desired with what has a job, every few seconds, in one runtime at a time: a lost job comes
 * back, a forgotten stop is told again.
 */
export class Reconciler {
  readonly #redis: Redis;
  readonly #queue: Queue;
  readonly #runtimeId: string;
  readonly #logger: Logger;
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> | null = null;

  constructor(redis: Redis, queue: Queue, runtimeId: string, logger: Logger) {
    this.#redis = redis;
    this.#queue = queue;
    this.#runtimeId = runtimeId;
    this.#logger = logger;
  }

  start(): void {
    this.#timer = setInterval(() => this.#tick(), everyMs);
    this.#tick();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#working;
  }

  /** One comparison, whoever holds the lock. */
  async reconcile(): Promise<void> {
    const entries = Object.entries(await this.#redis.hgetall(redisKeys.desired));
    if (entries.length === 0) return;
    const waiting = new Set(await this.#queue.getRanges(["waiting", "delayed", "prioritized"], 0, -1));
    const active = new Set(await this.#queue.getRanges(["active"], 0, -1));
    for (const [id, text] of entries) {
      const desired = parseDesired(text);
      if (desired === null || desired.job.deploymentId !== id) {
        this.#logger.error({ deploymentId: id }, "an entry of the desired state is not readable and is ignored");
      } else if (desired.desired === "RUNNING") {
        if (!active.has(id) && !waiting.has(id)) await this.#giveJob(desired);
      } else if (active.has(id)) await this.#tellStop(id);
      else if (!waiting.has(id)) await this.#noteStopped(desired);
    }
  }

  #tick(): void {
    if (this.#working !== null || this.#redis.status !== "ready") return;
    this.#working = this.#reconcileLocked()
      .catch((cause: unknown) => this.#logger.error({ err: cause }, "desired and active could not be compared"))
      .finally(() => {
        this.#working = null;
      });
  }

  async #reconcileLocked(): Promise<void> {
    const locked = await this.#redis.set(redisKeys.reconcilerLock, this.#runtimeId, "PX", lockMs, "NX");
    if (locked === "OK") await this.reconcile();
  }

  async #giveJob({ job }: DesiredDeployment): Promise<void> {
    const status = await readStatus(this.#redis, job.deploymentId);
    if (status?.state === "FAILED" || status?.state === "FINISHED") return;
    if (status?.state === "STOPPED" && status.problem?.code === problemCodes.superseded) return;
    // An ended job of this id that was kept would make `add` do nothing.
    await this.#queue.remove(job.deploymentId);
    await this.#queue.add(deploymentJobName, job, deploymentJobOptions(job.deploymentId));
    this.#logger.info({ deploymentId: job.deploymentId, pipelineId: job.pipelineId }, "a deployment without a job got one");
  }

  async #tellStop(deploymentId: string): Promise<void> {
    const message: ControlMessage = { kind: "stop", drain: false };
    await this.#redis.xadd(redisKeys.control(deploymentId), "MAXLEN", "~", streamCaps.control, "*", "message", JSON.stringify(message));
  }

  /** Its owner died while it was stopping: nobody else would say so. */
  async #noteStopped({ job }: DesiredDeployment): Promise<void> {
    const status = await readStatus(this.#redis, job.deploymentId);
    if (status === null || isTerminal(status.state)) return;
    const writer = await StatusWriter.claim(this.#redis, job, systemClock.now());
    await writer.write({ state: "STOPPED", problem: null }, systemClock.now());
  }
}
