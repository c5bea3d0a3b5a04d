import type { Redis } from "ioredis";
import { chaosPipelineId } from "./fraud-job.ts";

/** All keys of the pipeline, with what they hold. */
export type StoreBackup = readonly (readonly [key: Buffer, dump: Buffer])[];

/** KEYS: none. ARGV: a pattern. Answers keys and dumps in turn, as they were at the moment of the loss. */
const backUpAndFlush = `
local out = {}
for _, key in ipairs(redis.call('KEYS', ARGV[1])) do
  out[#out + 1] = key
  out[#out + 1] = redis.call('DUMP', key)
end
redis.call('FLUSHALL')
return out
`;

const ofPipeline = `millrace:*{${chaosPipelineId}}*`;

/** Flushes Redis, queues and all; the answer is what a backup of that very moment holds of the pipeline. */
export async function flushStore(redis: Redis): Promise<StoreBackup> {
  const answer: unknown = await redis.callBuffer("EVAL", backUpAndFlush, 0, ofPipeline);
  if (!Array.isArray(answer)) throw new Error("the backup is no list");
  const entries = answer.filter((entry): entry is Buffer => Buffer.isBuffer(entry));
  return Array.from({ length: entries.length / 2 }, (_, i) => [entries[i * 2], entries[i * 2 + 1]] as const);
}

/** Puts a backup back; what the pipeline has written since is gone. */
export async function restoreStore(redis: Redis, backup: StoreBackup): Promise<void> {
  const since = await redis.keys(ofPipeline);
  if (since.length > 0) await redis.del(...since);
  for (const [key, dump] of backup) await redis.restore(key, 0, dump, "REPLACE");
}
