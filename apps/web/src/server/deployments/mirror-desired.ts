import { type ControlMessage, redisKeys, streamCaps } from "@millrace/protocol";
import type { Redis } from "ioredis";
import { log } from "../log.ts";
import { type DeploymentRow, desiredEntry } from "./desired-entry.ts";

export interface DesiredChange {
  readonly start?: DeploymentRow;
  readonly stop?: readonly DeploymentRow[];
  /** End all windows before stopping. */
  readonly drain?: boolean;
  /** Keep the last checkpoint of what is to stop under this name. */
  readonly savepoint?: string | undefined;
}

/** Mirrors a change of the desired state in Redis at once and tells the deployments that are to stop. */
export async function mirrorDesired(redis: Redis, { start, stop = [], drain = false, savepoint }: DesiredChange): Promise<void> {
  const message: ControlMessage = { kind: "stop", drain, ...(savepoint === undefined ? {} : { savepoint }) };
  const transaction = redis.multi();
  for (const row of stop) {
    transaction.hset(redisKeys.desired, row.id, JSON.stringify(desiredEntry(row)));
    transaction.xadd(redisKeys.control(row.id), "MAXLEN", "~", streamCaps.control, "*", "message", JSON.stringify(message));
  }
  if (start !== undefined) transaction.hset(redisKeys.desired, start.id, JSON.stringify(desiredEntry(start)));
  await transaction.exec();
}

/** Runs what tells the runtimes; false when Redis is away, and then the announcer does it when it is back. */
export async function toldRuntimes(tell: () => Promise<void>): Promise<boolean> {
  try {
    await tell();
    return true;
  } catch (error) {
    log.warn({ reason: String(error) }, "the desired state is saved; runtimes hear of it when Redis is back");
    return false;
  }
}
