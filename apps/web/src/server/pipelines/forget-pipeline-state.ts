import { redisKeys } from "@millrace/protocol";
import type { Redis } from "ioredis";

/** Removes all that Redis holds of a pipeline, so that a later one with the same id begins with nothing. */
export async function forgetPipelineState(redis: Redis, pipelineId: string, deploymentIds: readonly string[]): Promise<void> {
  const chunks = await redis.zrange(redisKeys.chunks(pipelineId), "0", "-1");
  const tables = await keysOf(redis, redisKeys.liveTable(pipelineId, "*"));
  const rows = await keysOf(redis, redisKeys.rows(pipelineId, "*"));
  const delivered = await keysOf(redis, redisKeys.delivered(pipelineId, "*"));
  const keys = [
    redisKeys.checkpoint(pipelineId),
    redisKeys.manifests(pipelineId),
    redisKeys.savepoints(pipelineId),
    redisKeys.chunks(pipelineId),
    redisKeys.deploymentOrder(pipelineId),
    redisKeys.alerts(pipelineId),
    redisKeys.deadLetters(pipelineId),
    ...chunks.map((hash) => redisKeys.chunk(pipelineId, hash)),
    ...tables,
    ...rows,
    ...delivered,
    ...deploymentIds.flatMap((id) => [
      redisKeys.status(id),
      redisKeys.statusOwner(id),
      redisKeys.control(id),
      redisKeys.metricsStream(id),
      redisKeys.logs(id),
    ]),
  ];
  for (let i = 0; i < keys.length; i += 500) await redis.unlink(keys.slice(i, i + 500));
  if (deploymentIds.length > 0) await redis.hdel(redisKeys.desired, ...deploymentIds);
}

async function keysOf(redis: Redis, pattern: string): Promise<readonly string[]> {
  const keys: string[] = [];
  let cursor = "0";
  do {
    const [next, found] = await redis.scan(cursor, "MATCH", pattern, "COUNT", 1000);
    keys.push(...found);
    cursor = next;
  } while (cursor !== "0");
  return keys;
}
