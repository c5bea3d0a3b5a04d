import type Cluster from "kafkajs/src/cluster/index.js";
import type { StartOffset } from "./kafka-driver.ts";

/**
 * Offsets of a topic's partitions. The end is that of the log, open transactions included: what kafkajs' admin client
 * calls the end lies before the oldest transaction that is still open, whoever's it is, and hides what was committed behind.
 */
export async function offsetsOf(
  cluster: Cluster,
  topic: string,
  partitions: readonly number[],
  start: StartOffset,
): Promise<ReadonlyMap<number, number>> {
  await cluster.addMultipleTargetTopics([topic]);
  // What the partitions were may be out of date.
  await cluster.refreshMetadata();
  const ask = async (from: { readonly fromBeginning?: boolean; readonly fromTimestamp?: number }) => {
    const [found] = await cluster.fetchTopicsOffset([{ topic, partitions: partitions.map((partition) => ({ partition })), ...from }]);
    return new Map((found?.partitions ?? []).map(({ partition, offset }) => [partition, Number(offset)]));
  };
  if (typeof start === "string") return await ask({ fromBeginning: start === "earliest" });
  const [ends, found] = [await ask({ fromBeginning: false }), await ask({ fromTimestamp: start.timestampMs })];
  for (const [partition, offset] of found) if (offset >= 0) ends.set(partition, offset);
  return ends;
}
