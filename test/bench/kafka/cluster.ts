import kafkajs, { type Kafka, type Message } from "kafkajs";
import { lineOf } from "./lines.ts";

const { logLevel, Partitioners } = kafkajs;

export const partitions = 3;
const perSend = 5000;

/** The bare client of a cluster. */
export function bareClient(brokers: string): Kafka {
  return new kafkajs.Kafka({ clientId: "bench", brokers: brokers.split(","), logLevel: logLevel.NOTHING });
}

/** A producer that is idempotent, as the product's is. */
export function bareProducer(client: Kafka) {
  return client.producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
  });
}

export async function createTopics(client: Kafka, topics: readonly string[]): Promise<void> {
  const admin = client.admin();
  await admin.connect();
  await admin.createTopics({ topics: topics.map((topic) => ({ topic, numPartitions: partitions })), waitForLeaders: true });
  await admin.disconnect();
}

export async function deleteTopics(client: Kafka, topics: readonly string[]): Promise<void> {
  const admin = client.admin();
  await admin.connect();
  await admin.deleteTopics({ topics: [...topics] });
  await admin.disconnect();
}

/** Fills a topic with the lines 0 to `records`, spread evenly over its partitions. */
export async function fillTopic(client: Kafka, topic: string, records: number): Promise<void> {
  const producer = bareProducer(client);
  await producer.connect();
  for (let from = 0; from < records; from += perSend) {
    const messages: Message[] = [];
    for (let id = from; id < Math.min(records, from + perSend); id++) messages.push({ value: lineOf(id), partition: id % partitions });
    await producer.send({ topic, messages });
  }
  await producer.disconnect();
}

/**
 * Reads what a reader of committed records sees of a topic and compares it with the lines 0 to `records`, each exactly once.
 * Throws what differs: then no figure counts.
 */
export async function checkCopy(client: Kafka, topic: string, records: number): Promise<void> {
  const seen = new Uint8Array(records);
  let rows = 0;
  let wrong: string | null = null;
  const consumer = client.consumer({ groupId: `check-${topic}`, readUncommitted: false, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  const all = Promise.withResolvers<void>();
  const patience = setTimeout(() => all.resolve(), 60_000);
  await consumer.run({
    autoCommit: false,
    partitionsConsumedConcurrently: partitions,
    eachBatch: async ({ batch }) => {
      for (const { value } of batch.messages) {
        const line = value?.toString() ?? "";
        const id = Number(/^\{"id":(\d+),/.exec(line)?.[1]);
        if (!(id < records) || line !== lineOf(id)) wrong ??= `a row that was not written: ${line}`;
        else if (seen[id]++ > 0) wrong ??= `a row twice: ${line}`;
        rows++;
      }
      if (rows >= records) all.resolve();
    },
  });
  await all.promise;
  clearTimeout(patience);
  await consumer.disconnect();
  if (rows !== records) wrong ??= `${rows} rows`;
  if (wrong !== null) throw new Error(`${topic} is no copy of ${records} records, so no figure counts: ${wrong}`);
}
