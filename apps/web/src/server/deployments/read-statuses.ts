import { type DeploymentStatus, deploymentStatus, redisKeys } from "@millrace/protocol";
import type { Redis } from "ioredis";

/** What the runtime last said of each deployment; those of which it never spoke are left out. */
export async function readStatuses(redis: Redis, deploymentIds: readonly string[]): Promise<ReadonlyMap<string, DeploymentStatus>> {
  const statuses = new Map<string, DeploymentStatus>();
  if (deploymentIds.length === 0) return statuses;
  const texts = await redis.mget(deploymentIds.map((id) => redisKeys.status(id)));
  texts.forEach((text, i) => {
    const status = text === null ? null : parseStatus(text);
    if (status !== null) statuses.set(deploymentIds[i], status);
  });
  return statuses;
}

/** A status as the runtime writes it; null when the text is none. */
export function parseStatus(text: string): DeploymentStatus | null {
  try {
    const parsed = deploymentStatus.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
