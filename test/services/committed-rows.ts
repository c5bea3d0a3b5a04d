import type { Kafka } from "kafkajs";
import { waitFor } from "../integration/runtime/wait-for.ts";

const withinMs = 120_000;

/** The rows of a topic as a reader of what is committed sees them, in the order of each partition. */
export async function committedRows(client: Kafka, topic: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const admin = client.admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const left = new Map(ends.filter(({ offset }) => Number(offset) > 0).map(({ partition, offset }) => [partition, Number(offset)]));
  const consumer = client.consumer({ groupId: `check-${topic}-${Date.now()}`, readUncommitted: false, maxWaitTimeInMs: 200 });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  const rows: Record<string, unknown>[] = [];
  let readAt = performance.now();
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch }) => {
      readAt = performance.now();
      for (const { value } of batch.messages) rows.push(JSON.parse(value?.toString() ?? "{}") as Record<string, unknown>);
      if (Number(batch.lastOffset()) + 2 >= (left.get(batch.partition) ?? 0)) left.delete(batch.partition);
    },
  });
  // The end of a partition may be a control record that is never shown: five quiet seconds are an end too.
  await waitFor("the topic to be read", async () => left.size === 0 || performance.now() - readAt > 5000, withinMs);
  await consumer.disconnect();
  return rows;
}
