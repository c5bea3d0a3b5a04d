import type { Admin } from "kafkajs";
import type Cluster from "kafkajs/src/cluster/index.js";
import { type EgressPolicy, rememberDenial } from "../egress-policy.ts";
import type { KafkaConnection } from "./kafka-connection.ts";
import type { KafkaDriver } from "./kafka-driver.ts";
import { kafkaFailure } from "./kafka-failure.ts";
import { createClient } from "./kafkajs-client.ts";
import { createCluster } from "./kafkajs-cluster.ts";
import { offsetsOf } from "./kafkajs-offsets.ts";
import { openKafkajsReader } from "./kafkajs-reader.ts";
import { openKafkajsWriter } from "./kafkajs-writer.ts";

/** Hourly segments: what is replaced is gone soon, so that reading the whole topic stays quick. */
const compaction = [
  { name: "cleanup.policy", value: "compact" },
  { name: "segment.ms", value: "3600000" },
  { name: "min.cleanable.dirty.ratio", value: "0.1" },
];

const creationTimeoutMs = 15_000;

/** The default driver. Connects with the first call. */
export function createKafkajsDriver(connection: KafkaConnection, policy: EgressPolicy): KafkaDriver {
  const egress = rememberDenial(policy);
  const kafka = createClient(connection, egress);
  const admin = openedOnce(() => kafka.admin());
  const cluster = openedOnce(() => createCluster(connection, egress, { readCommitted: false }));
  const ask = async <T>(what: string, question: (client: Admin) => Promise<T>): Promise<T> => {
    try {
      return await question(await admin.get());
    } catch (cause) {
      // The client only says that it cannot connect.
      throw egress.denial ?? kafkaFailure(cause, what);
    }
  };
  const partitionsOf = async (client: Admin, topic: string): Promise<readonly number[]> => {
    // Asking for the metadata of a topic would create it.
    if (!(await client.listTopics()).includes(topic)) return [];
    const { topics } = await client.fetchTopicMetadata({ topics: [topic] });
    return topics[0].partitions.map(({ partitionId }) => partitionId).sort((a, b) => a - b);
  };
  return {
    countBrokers: () => ask("Kafka", async (client) => (await client.describeCluster()).brokers.length),
    listTopics: () => ask("Kafka", async (client) => (await client.listTopics()).filter((name) => !name.startsWith("__"))),
    partitions: (topic) => ask(`Topic ${topic}`, (client) => partitionsOf(client, topic)),
    offsets: (topic, start) =>
      ask(`Topic ${topic}`, async (client) => await offsetsOf(await cluster.get(), topic, await partitionsOf(client, topic), start)),
    ensureTopic: (topic, { partitions, compacted }) =>
      ask(`Topic ${topic}`, async (client) => {
        if ((await client.listTopics()).includes(topic)) return;
        const configEntries = compacted ? compaction : [];
        await client.createTopics({ topics: [{ topic, numPartitions: partitions, configEntries }], waitForLeaders: false });
        await untilLed(client, topic);
      }),
    openReader: (options) => openKafkajsReader(connection, egress, options),
    openWriter: (options) => openKafkajsWriter(connection, egress, options),
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
      await Promise.all([admin.close(), cluster.close()]);
    },
  };
}

/** A broker tells of a topic that it has created only when its own view has caught up, which takes a while after its start. */
async function untilLed(client: Admin, topic: string): Promise<void> {
  const until = performance.now() + creationTimeoutMs;
  for (;;) {
    try {
      const { topics } = await client.fetchTopicMetadata({ topics: [topic] });
      if (topics[0].partitions.every(({ leader }) => leader >= 0)) return;
    } catch (cause) {
      if (performance.now() > until) throw cause;
    }
    if (performance.now() > until) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Connects when it is first asked for, and again after that has failed. */
function openedOnce<T extends Admin | Cluster>(create: () => T): { readonly get: () => Promise<T>; readonly close: () => Promise<void> } {
  let opened: Promise<T> | null = null;
  return {
    get() {
      opened ??= (async () => {
        const client = create();
        try {
          await client.connect();
        } catch (cause) {
          await client.disconnect().catch(() => {});
          throw cause;
        }
        return client;
      })();
      opened.catch(() => {
        opened = null;
      });
      return opened;
    },
    async close() {
      const client = await opened?.catch(() => null);
      await client?.disconnect().catch(() => {});
    },
  };
}
