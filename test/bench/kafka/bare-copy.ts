import type { Consumer, Kafka, Producer } from "kafkajs";
import { bareProducer, partitions } from "./cluster.ts";

/** The bare client at copying one topic into another: whole batches of a partition, as they come. */
export interface BareCopy {
  /** Resolves when so many records are acknowledged. */
  until(records: number): Promise<void>;
  stop(): Promise<void>;
}

/** Connects, and begins to copy; resolves when it has its partitions. */
export async function startBareCopy(client: Kafka, from: string, to: string): Promise<BareCopy> {
  const producer: Producer = bareProducer(client);
  const consumer: Consumer = client.consumer({ groupId: `copy-${to}`, readUncommitted: false, maxWaitTimeInMs: 100 });
  await Promise.all([producer.connect(), consumer.connect()]);
  await consumer.subscribe({ topics: [from], fromBeginning: true });
  let copied = 0;
  const waiting: { readonly records: number; readonly resolve: () => void }[] = [];
  const joined = new Promise<void>((resolve) => {
    consumer.on(consumer.events.GROUP_JOIN, () => resolve());
  });
  await consumer.run({
    partitionsConsumedConcurrently: partitions,
    eachBatch: async ({ batch }) => {
      const messages = batch.messages.map(({ key, value }) => ({ key, value }));
      await producer.send({ topic: to, messages });
      copied += messages.length;
      for (const { records, resolve } of waiting) if (copied >= records) resolve();
    },
  });
  await joined;
  return {
    until: (records) =>
      new Promise((resolve) => {
        waiting.push({ records, resolve });
        if (copied >= records) resolve();
      }),
    async stop() {
      await Promise.all([consumer.disconnect(), producer.disconnect()]);
    },
  };
}
