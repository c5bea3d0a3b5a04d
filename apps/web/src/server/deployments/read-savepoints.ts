import { redisKeys, savepointInfo } from "@millrace/protocol";
import type { Redis } from "ioredis";

/** A kept checkpoint of a pipeline. */
export interface SavepointView {
  readonly checkpoint: number;
  readonly name: string;
  readonly atMs: number;
}

/** The kept checkpoints of a pipeline, newest first; what cannot be read is left out. */
export async function readSavepoints(redis: Redis, pipelineId: string): Promise<readonly SavepointView[]> {
  const all = await redis.hgetall(redisKeys.savepoints(pipelineId));
  const views = Object.entries(all).flatMap(([field, text]): SavepointView[] => {
    if (!/^\d+$/.test(field)) return [];
    const parsed = savepointInfo.safeParse(parseJson(text));
    return parsed.success ? [{ checkpoint: Number(field), ...parsed.data }] : [];
  });
  return views.sort((a, b) => b.checkpoint - a.checkpoint);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
