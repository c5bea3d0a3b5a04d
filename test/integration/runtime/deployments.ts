import {
  type ControlMessage,
  type DeploymentJob,
  type DeploymentState,
  type DeploymentStatus,
  deploymentJobName,
  deploymentJobOptions,
  deploymentQueue,
  deploymentStatus,
  redisKeys,
} from "@millrace/protocol";
import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { waitFor } from "./wait-for.ts";

/** The web server's part: says what is desired, adds jobs, sends control messages, reads statuses. */
export class Deployments {
  readonly redis: Redis;
  readonly queue: Queue;

  constructor(redisUrl: string) {
    this.redis = new Redis(redisUrl, { maxRetriesPerRequest: null });
    this.redis.on("error", () => {});
    this.queue = new Queue(deploymentQueue, { connection: this.redis });
    this.queue.on("error", () => {});
  }

  async deploy(job: DeploymentJob): Promise<void> {
    await this.desire(job, "RUNNING");
    await this.queue.add(deploymentJobName, job, deploymentJobOptions(job.deploymentId));
  }

  async desire(job: DeploymentJob, desired: "RUNNING" | "STOPPED"): Promise<void> {
    await this.redis.hset(redisKeys.desired, job.deploymentId, JSON.stringify({ job, desired }));
  }

  async send(deploymentId: string, message: ControlMessage): Promise<void> {
    await this.redis.xadd(redisKeys.control(deploymentId), "*", "message", JSON.stringify(message));
  }

  async status(deploymentId: string): Promise<DeploymentStatus | null> {
    const text = await this.redis.get(redisKeys.status(deploymentId));
    return text === null ? null : deploymentStatus.parse(JSON.parse(text));
  }

  /** Waits for a state; another one in which a deployment stays fails at once. */
  waitForState(deploymentId: string, state: DeploymentState, timeoutMs = 60_000): Promise<DeploymentStatus> {
    const look = async (): Promise<DeploymentStatus | null> => {
      const status = await this.status(deploymentId);
      if (status?.state === state) return status;
      const ended = status?.state === "FAILED" || status?.state === "FINISHED";
      if (ended) throw new Error(`${deploymentId} is ${status.state} instead of ${state}: ${JSON.stringify(status.problem)}`);
      return null;
    };
    return waitFor(`${deploymentId} to be ${state}`, look, timeoutMs);
  }

  /** Waits until a checkpoint with at least this number is committed; answers the number. */
  waitForCheckpoint(pipelineId: string, checkpoint: number): Promise<number> {
    return waitFor(`checkpoint ${checkpoint} of ${pipelineId}`, async () => {
      const committed = Number(await this.redis.hget(redisKeys.checkpoint(pipelineId), "checkpoint"));
      return committed >= checkpoint ? committed : null;
    });
  }

  async close(): Promise<void> {
    await this.queue.close();
    this.redis.disconnect();
  }
}
