import { redisKeys } from "@millrace/protocol";
import type { Redis } from "ioredis";

/** KEYS: order. ARGV: deployment id. Numbers deployments at their first start; answers the own and the highest number. */
const orderScript = `
local own = redis.call('HGET', KEYS[1], ARGV[1])
if not own then
  own = redis.call('HINCRBY', KEYS[1], 'last', 1)
  redis.call('HSET', KEYS[1], ARGV[1], own)
end
return { tonumber(own), tonumber(redis.call('HGET', KEYS[1], 'last')) }
`;

/** Whether a newer deployment of the pipeline has started; the first call is what starts this one. */
export async function isSuperseded(redis: Redis, pipelineId: string, deploymentId: string): Promise<boolean> {
  const answer: unknown = await redis.eval(orderScript, 1, redisKeys.deploymentOrder(pipelineId), deploymentId);
  if (!Array.isArray(answer)) throw new Error(`unexpected answer of the order script: ${String(answer)}`);
  const [own, last] = answer.map(Number);
  return own < last;
}
