import { type DeploymentJob, type DeploymentStatus, deploymentStatus, redisKeys } from "@millrace/protocol";
import type { Redis } from "ioredis";
import type { StatusChange, StatusOwner } from "./runner-host.ts";

/** KEYS: owner counter, status. ARGV: own number, status, channel. Only the newest owner writes. */
const writeScript = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], ARGV[2])
redis.call('PUBLISH', ARGV[3], ARGV[2])
return 1
`;

/** The status of a deployment in Redis; null when there is none or it is damaged. */
export async function readStatus(redis: Redis, deploymentId: string): Promise<DeploymentStatus | null> {
  const text = await redis.get(redisKeys.status(deploymentId));
  if (text === null) return null;
  try {
    const parsed = deploymentStatus.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** True for a state in which a deployment stays by itself. */
export function isTerminal(state: DeploymentStatus["state"]): boolean {
  return state === "FAILED" || state === "STOPPED" || state === "FINISHED";
}

/** Writes a deployment's status as its owner: the next owner silences this one for good. */
export class StatusWriter implements StatusOwner {
  readonly #redis: Redis;
  readonly owner: number;
  #status: DeploymentStatus;

  private constructor(redis: Redis, owner: number, status: DeploymentStatus) {
    this.#redis = redis;
    this.owner = owner;
    this.#status = status;
  }

  /** Becomes the owner. Restarts, checkpoint and first start go on from what the last owner wrote. */
  static async claim(redis: Redis, job: DeploymentJob, nowMs: number): Promise<StatusWriter> {
    const owner = await redis.incr(redisKeys.statusOwner(job.deploymentId));
    const before = await readStatus(redis, job.deploymentId);
    return new StatusWriter(redis, owner, {
      deploymentId: job.deploymentId,
      pipelineId: job.pipelineId,
      version: job.version,
      state: "DEPLOYING",
      problem: null,
      checkpoint: before?.checkpoint ?? 0,
      restarts: before?.restarts ?? 0,
      startedAtMs: before?.startedAtMs ?? nowMs,
      updatedAtMs: nowMs,
    });
  }

  get current(): DeploymentStatus {
    return this.#status;
  }

  /** Changes the status and writes it; answers whether this is still the owner. Waits while Redis is away. */
  async write(change: StatusChange, nowMs: number): Promise<boolean> {
    this.#status = { ...this.#status, ...change, updatedAtMs: nowMs };
    const { deploymentId } = this.#status;
    const keys = [redisKeys.statusOwner(deploymentId), redisKeys.status(deploymentId)];
    const written = await this.#redis.eval(
      writeScript,
      2,
      ...keys,
      String(this.owner),
      JSON.stringify(this.#status),
      redisKeys.statusChannel,
    );
    return written === 1;
  }
}
