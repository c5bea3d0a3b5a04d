import { type MetricsFrame, metricsFrame, redisKeys } from "@millrace/protocol";
import type { Redis } from "ioredis";
import { readNewest } from "./read-newest.ts";
import type { StreamEntry } from "./stream-entry.ts";

/** The newest metric frames of a deployment, oldest first. */
export async function readFrames(redis: Redis, deploymentId: string, limit: number): Promise<readonly MetricsFrame[]> {
  const newestFirst = await readNewest(redis, redisKeys.metricsStream(deploymentId), readFrame, { limit });
  return newestFirst.toReversed();
}

function readFrame(entry: StreamEntry): MetricsFrame | null {
  try {
    const parsed = metricsFrame.safeParse(JSON.parse(entry.fields.get("frame") ?? "null"));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
