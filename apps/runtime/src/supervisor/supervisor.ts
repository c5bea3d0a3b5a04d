import type { ChildProcess } from "node:child_process";
import { type DeploymentStatus, deploymentQueue, type MetricsFrame, redisKeys } from "@millrace/protocol";
import { type Job, Queue, UnrecoverableError, WaitingError, Worker } from "bullmq";
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import { secretNamesFromEnv } from "../connectors/secret-from-env.ts";
import { connectRedis } from "../redis/connect-redis.ts";
import { requestHost } from "../requests/request-host.ts";
import { RequestWorker } from "../requests/request-worker.ts";
import type { RuntimeConfig } from "../runtime-config.ts";
import { admit } from "./admission.ts";
import { ControlListener } from "./control-listener.ts";
import { DeploymentRunner } from "./deployment-runner.ts";
import { forkPipelineProcess } from "./fork-pipeline-process.ts";
import { createLocalRunnerHost } from "./local-runner-host.ts";
import { Reconciler } from "./reconciler.ts";
import { SpareProcess } from "./spare-process.ts";

/** What a deployment of this runtime looks like just now. */
export interface RunningDeployment {
  readonly status: DeploymentStatus | null;
  readonly frame: MetricsFrame | null;
}

/** With these a job whose runtime was killed is taken over in about four to six seconds, and a runtime that is slow for three keeps its jobs. */
const workerSettings = {
  lockDuration: 4000,
  lockRenewTime: 800,
  stalledInterval: 1000,
  drainDelay: 1,
  maxStalledCount: 1_000_000_000,
  concurrency: 64,
  runRetryDelay: 1000,
} as const;

/** Takes deployment jobs from the queue and keeps each running for as long as it holds the job. */
export class Supervisor {
  readonly #config: RuntimeConfig;
  readonly #logger: Logger;
  readonly #redis: Redis;
  readonly #controlRedis: Redis;
  readonly #queue: Queue;
  readonly #worker: Worker;
  readonly #control: ControlListener;
  readonly #reconciler: Reconciler;
  readonly #requests: RequestWorker;
  readonly #spare: SpareProcess;
  readonly #runners = new Map<string, DeploymentRunner>();
  #closing = false;

  constructor(config: RuntimeConfig, redis: Redis, logger: Logger) {
    this.#config = config;
    this.#logger = logger;
    this.#redis = redis;
    this.#controlRedis = connectRedis(config.redisUrl, "control", logger);
    this.#control = new ControlListener(this.#controlRedis, logger);
    this.#queue = new Queue(deploymentQueue, { connection: redis });
    this.#queue.on("error", () => {});
    this.#worker = this.#createWorker();
    this.#spare = new SpareProcess(() => forkPipelineProcess(config.cacheFolder));
    this.#reconciler = new Reconciler(redis, this.#queue, config.runtimeId, logger);
    this.#requests = new RequestWorker(
      redis,
      { redis, host: requestHost(config, redis), secretNames: secretNamesFromEnv(process.env) },
      logger,
    );
  }

  start(): void {
    void this.#control.run();
    this.#worker.run().catch((cause: unknown) => this.#logger.error({ err: cause }, "the queue is no longer read"));
    this.#reconciler.start();
    this.#requests.start();
    this.#spare.refill();
  }

  /** The deployments that this runtime runs. */
  deployments(): readonly RunningDeployment[] {
    return [...this.#runners.values()].map(({ status, frame }) => ({ status, frame }));
  }

  get deploymentIds(): readonly string[] {
    return [...this.#runners.keys()];
  }

  /** Takes a last checkpoint of everything and hands the jobs back, within about three seconds. */
  async stop(): Promise<void> {
    this.#closing = true;
    this.#control.stop();
    const closed = this.#worker.close();
    for (const runner of this.#runners.values()) runner.release();
    await Promise.all([closed, this.#reconciler.stop(), this.#requests.stop(), this.#spare.close()]);
    await this.#queue.close();
    this.#controlRedis.disconnect();
  }

  #createWorker(): Worker {
    const process = (job: Job, token: string | undefined, signal: AbortSignal | undefined): Promise<string> =>
      this.#process(job, token, signal);
    const worker = new Worker(deploymentQueue, process, { connection: this.#redis, autorun: false, ...workerSettings });
    worker.on("lockRenewalFailed", (jobIds) => {
      for (const id of jobIds) worker.cancelJob(String(id), "the lock of the job is lost");
    });
    worker.on("error", (cause) => {
      if (!this.#closing) this.#logger.debug({ reason: cause.message }, "queue");
    });
    worker.on("failed", (job, cause) => this.#logger.warn({ jobId: job?.id, reason: cause.message }, "job ended without success"));
    return worker;
  }

  async #process(job: Job, token: string | undefined, signal: AbortSignal | undefined): Promise<string> {
    const desired = job.id === undefined ? null : await this.#redis.hget(redisKeys.desired, job.id);
    const admission = admit(job.id, job.data, desired);
    if (admission.kind === "rejected") {
      this.#logger.error({ code: "JOB_REJECTED", jobId: job.id }, `a job is rejected: ${admission.reason}`);
      throw new UnrecoverableError(`rejected: ${admission.reason}`);
    }
    const { redisUrl, fileFolders, egressAllow, logLevel } = this.#config;
    const config = { redisUrl, fileFolders: [...fileFolders] as [string, ...string[]], egressAllow, logLevel };
    const fork = (): ChildProcess => this.#spare.take();
    const runner = new DeploymentRunner(admission.job, createLocalRunnerHost(admission.job, this.#redis, this.#logger, config, fork));
    const id = admission.job.deploymentId;
    const unlisten = await this.#control.listen(id, (message) => runner.control(message));
    this.#runners.set(id, runner);
    if (this.#closing) runner.release();
    try {
      const outcome = await runner.run(admission.desired, signal ?? new AbortController().signal);
      if (outcome === "done") return outcome;
      if (outcome === "lost") throw new Error("another runtime has the job");
      await job.moveToWait(token);
      throw new WaitingError();
    } finally {
      unlisten();
      if (this.#runners.get(id) === runner) this.#runners.delete(id);
    }
  }
}
