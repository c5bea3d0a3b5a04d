import { z } from "zod";
import type { KafkaDriver, OutgoingRecord } from "./kafka-driver.ts";

/** Which checkpoint a sink's topic holds (-1: none yet), and the token of the runtime that wrote it. */
export interface CommitMarker {
  readonly checkpoint: number;
  readonly fencingToken: number;
}

const markerSchema = z.object({ checkpoint: z.int().min(-1), fencingToken: z.int().nonnegative() });

/** Compacted topic with a record a sink: the newest checkpoint that its transactions have written. */
export const commitTopic = "millrace-commits";

/** Creates the topic of markers when it is missing. */
export function ensureCommitTopic(driver: KafkaDriver): Promise<void> {
  return driver.ensureTopic(commitTopic, { partitions: 1, compacted: true });
}

/** The record that goes into the same transaction as a checkpoint's records. */
export function markerRecord(pipelineId: string, sinkId: string, marker: CommitMarker): OutgoingRecord {
  const text = JSON.stringify(marker);
  return { topic: commitTopic, partition: 0, key: Buffer.from(markerKey(pipelineId, sinkId)), value: Buffer.from(text), headers: {} };
}

/**
 * Reads a sink's newest marker; null when there is none. Only committed ones are seen, so open a fencing writer before.
 * It waits for the open transactions of other sinks, which end when their owner comes back, or by their timeout.
 */
export async function readMarker(driver: KafkaDriver, pipelineId: string, sinkId: string): Promise<CommitMarker | null> {
  const end = (await driver.offsets(commitTopic, "latest")).get(0) ?? 0;
  const start = (await driver.offsets(commitTopic, "earliest")).get(0) ?? 0;
  if (start >= end) return null;
  const wanted = markerKey(pipelineId, sinkId);
  const reader = await driver.openReader({ readCommitted: true });
  try {
    reader.assign([{ topic: commitTopic, partition: 0, offset: start }]);
    let newest: CommitMarker | null = null;
    for (let at = start; at < end; ) {
      for (const { records, nextOffset } of await reader.fetch(100)) {
        for (const { key, value } of records) {
          if (key === null || value === null || Buffer.from(key).toString() !== wanted) continue;
          newest = markerSchema.parse(JSON.parse(Buffer.from(value).toString()));
        }
        at = nextOffset;
      }
    }
    return newest;
  } finally {
    await reader.close();
  }
}

function markerKey(pipelineId: string, sinkId: string): string {
  return `${pipelineId}/${sinkId}`;
}
