import type { Admin } from "kafkajs";
import type { EgressPolicy } from "../egress-policy.ts";
import type { KafkaConnection } from "./kafka-connection.ts";
import type { KafkaDriver, StartOffset } from "./kafka-driver.ts";
import { kafkaFailure } from "./kafka-failure.ts";
import { createClient } from "./kafkajs-client.ts";
import { openKafkajsReader } from "./kafkajs-reader.ts";
import { openKafkajsWriter } from "./kafkajs-writer.ts";

/** Hourly segments: what is replaced is gone soon, so that reading the whole topic stays quick. */
const compaction = [
  { name: "cleanup.policy", value: "compact" },
  { name: "segment.ms", value: "3600000" },
  { name: "min.cleanable.dirty.ratio", value: "0.1" },
];

/** The default driver. Connects with the first call. */
export function createKafkajsDriver(connection: KafkaConnection, egress: EgressPolicy): KafkaDriver {
  const kafka = createClient(connection, egress);
  let opened: Promise<Admin> | null = null;
  const admin = (): Promise<Admin> => {
    opened ??= (async () => {
      const client = kafka.admin();
      await client.connect();
      return client;
    })();
    opened.catch(() => {
      opened = null;
    });
    return opened;
  };
  const ask = async <T>(what: string, question: (client: Admin) => Promise<T>): Promise<T> => {
    try {
      return await question(await admin());
    } catch (cause) {
      throw kafkaFailure(cause, what);
    }
  };
  return {
    listTopics: () => ask("Kafka", async (client) => (await client.listTopics()).filter((name) => !name.startsWith("__"))),
    partitions: (topic) =>
      ask(`Topic ${topic}`, async (client) => {
        // Asking for the metadata of a topic would create it.
        if (!(await client.listTopics()).includes(topic)) return [];
        const { topics } = await client.fetchTopicMetadata({ topics: [topic] });
        return topics[0].partitions.map(({ partitionId }) => partitionId).sort((a, b) => a - b);
      }),
    offsets: (topic, start) => ask(`Topic ${topic}`, (client) => offsetsOf(client, topic, start)),
    ensureTopic: (topic, { partitions, compacted }) =>
      ask(`Topic ${topic}`, async (client) => {
        if ((await client.listTopics()).includes(topic)) return;
        const configEntries = compacted ? compaction : [];
        await client.createTopics({ topics: [{ topic, numPartitions: partitions, configEntries }], waitForLeaders: true });
      }),
    openReader: (options) => openKafkajsReader(connection, egress, options),
    openWriter: (options) => openKafkajsWriter(kafka, options),
    publishOffsets: (group, positions) =>
      ask(`Group ${group}`, async (client) => {
        const topics = new Set(positions.map(({ topic }) => topic));
        for (const topic of topics) {
          const partitions = positions
            .filter((position) => position.topic === topic)
            .map(({ partition, offset }) => ({ partition, offset: String(offset) }));
          await client.setOffsets({ groupId: group, topic, partitions });
        }
      }),
    async close() {
      const client = await opened?.catch(() => null);
      await client?.disconnect().catch(() => {});
    },
  };
}

async function offsetsOf(client: Admin, topic: string, start: StartOffset): Promise<ReadonlyMap<number, number>> {
  const ends = await client.fetchTopicOffsets(topic);
  if (start === "earliest") return new Map(ends.map(({ partition, low }) => [partition, Number(low)]));
  const high = new Map(ends.map(({ partition, high: end }) => [partition, Number(end)]));
  if (start === "latest") return high;
  const found = await client.fetchTopicOffsetsByTimestamp(topic, start.timestampMs);
  for (const { partition, offset } of found) if (Number(offset) >= 0) high.set(partition, Number(offset));
  return high;
}
