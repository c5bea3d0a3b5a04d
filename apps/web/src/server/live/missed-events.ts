import { redisKeys } from "@millrace/protocol";
import type { Redis } from "ioredis";
import type { LiveEvent } from "../../live/live-event.ts";
import type { LiveTopics } from "../../live/topics.ts";
import { readEntry, type StreamEntry } from "../redis/stream-entry.ts";
import { readAlert, readDeadLetter, readLiveRow, readLogLine } from "../redis/stream-values.ts";

/** Streams are followed in rounds, so entries of two of them may come in another order than their ids. */
const overlapMs = 1000;

/** Most entries of one stream that are made up for. */
const limit = 200;

/** What came while a client was away: entries after `lastId`, with a little overlap; clients know repeats by their ids. */
export async function missedEvents(redis: Redis, topics: LiveTopics, lastId: string): Promise<readonly LiveEvent[]> {
  const fromMs = Math.max(0, Number(lastId.split("-")[0]) - overlapMs);
  const since = async <T>(key: string, read: (entry: StreamEntry) => T | null): Promise<readonly T[]> => {
    const entries = await redis.xrevrange(key, "+", String(fromMs), "COUNT", limit);
    return entries.map((entry) => read(readEntry(entry))).filter((value) => value !== null);
  };
  const events = await Promise.all([
    ...topics.alerts.map(async (pipelineId): Promise<LiveEvent> => {
      return { kind: "alerts", pipelineId, entries: await since(redisKeys.alerts(pipelineId), readAlert) };
    }),
    ...topics.liveTables.map(async ({ pipelineId, sinkId }): Promise<LiveEvent> => {
      return { kind: "rows", pipelineId, sinkId, entries: await since(redisKeys.liveTable(pipelineId, sinkId), readLiveRow) };
    }),
    ...topics.deadLetters.map(async (pipelineId): Promise<LiveEvent> => {
      return { kind: "deadLetters", pipelineId, entries: await since(redisKeys.deadLetters(pipelineId), readDeadLetter) };
    }),
    ...topics.logs.map(async (deploymentId): Promise<LiveEvent> => {
      return { kind: "logs", deploymentId, entries: await since(redisKeys.logs(deploymentId), readLogLine) };
    }),
  ]);
  return events.filter((event) => "entries" in event && event.entries.length > 0);
}
