import { ConnectorError } from "@millrace/engine";
import type Cluster from "kafkajs/src/cluster/index.js";
import type { EgressPolicy } from "../egress-policy.ts";
import { unpack } from "./compressions.ts";
import type { FetchedPartition } from "./fetch-response.ts";
import type { KafkaConnection } from "./kafka-connection.ts";
import type { FetchedRecords, KafkaReader, TopicPartition } from "./kafka-driver.ts";
import { isOutOfRange, kafkaFailure } from "./kafka-failure.ts";
import { createCluster } from "./kafkajs-cluster.ts";
import { fetchFrom } from "./kafkajs-requests.ts";
import { areRecordBatches, decodeRecordBatches } from "./record-batch-decoder.ts";

const bytesPerPartition = 1 << 20;
const bytesPerFetch = 8 << 20;

interface Assigned extends TopicPartition {
  offset: number;
  paused: boolean;
}

/** Reads assigned partitions over kafkajs' own connections, below its consumer, which only reads as a member of a group. */
export async function openKafkajsReader(
  connection: KafkaConnection,
  egress: EgressPolicy,
  { readCommitted }: { readonly readCommitted: boolean },
): Promise<KafkaReader> {
  const cluster = createCluster(connection, egress, { readCommitted });
  const reader = new KafkajsReader(cluster, readCommitted ? 1 : 0);
  try {
    await cluster.connect();
  } catch (cause) {
    await reader.close();
    throw kafkaFailure(cause, "Kafka");
  }
  return reader;
}

class KafkajsReader implements KafkaReader {
  readonly #cluster: Cluster;
  readonly #isolationLevel: number;
  #assigned = new Map<string, Assigned>();

  constructor(cluster: Cluster, isolationLevel: number) {
    this.#cluster = cluster;
    this.#isolationLevel = isolationLevel;
  }

  assign(positions: readonly (TopicPartition & { readonly offset: number })[]): void {
    this.#assigned = new Map(positions.map((position) => [idOf(position), { ...position, paused: false }]));
  }

  pause(partitions: readonly TopicPartition[]): void {
    this.#setPaused(partitions, true);
  }

  resume(partitions: readonly TopicPartition[]): void {
    this.#setPaused(partitions, false);
  }

  async fetch(maxWaitMs: number): Promise<readonly FetchedRecords[]> {
    const wanted = [...this.#assigned.values()].filter(({ paused }) => !paused);
    if (wanted.length === 0) return [];
    const topics = [...new Set(wanted.map(({ topic }) => topic))];
    try {
      await this.#cluster.addMultipleTargetTopics(topics);
      await this.#cluster.refreshMetadataIfNecessary();
      const byLeader = new Map<string, Map<string, Assigned[]>>();
      for (const topic of topics) this.#addLeaders(topic, wanted, byLeader);
      const fetched = await Promise.all([...byLeader].map(([nodeId, own]) => this.#fetchFrom(nodeId, own, maxWaitMs)));
      return fetched.flat();
    } catch (cause) {
      await this.#cluster.refreshMetadata().catch(() => {});
      if (isOutOfRange(cause)) throw outOfRange(wanted, cause);
      throw kafkaFailure(cause, `Reading ${topics.join(", ")}`);
    }
  }

  async close(): Promise<void> {
    await this.#cluster.disconnect().catch(() => {});
  }

  #setPaused(partitions: readonly TopicPartition[], paused: boolean): void {
    for (const partition of partitions) {
      const assigned = this.#assigned.get(idOf(partition));
      if (assigned !== undefined) assigned.paused = paused;
    }
  }

  #addLeaders(topic: string, wanted: readonly Assigned[], byLeader: Map<string, Map<string, Assigned[]>>): void {
    const own = wanted.filter((assigned) => assigned.topic === topic);
    const leaders = this.#cluster.findLeaderForPartitions(
      topic,
      own.map(({ partition }) => partition),
    );
    for (const [nodeId, partitions] of Object.entries(leaders)) {
      const topics = byLeader.get(nodeId) ?? new Map<string, Assigned[]>();
      byLeader.set(nodeId, topics);
      topics.set(
        topic,
        own.filter(({ partition }) => partitions.includes(partition)),
      );
    }
  }

  async #fetchFrom(nodeId: string, topics: ReadonlyMap<string, readonly Assigned[]>, maxWaitMs: number): Promise<FetchedRecords[]> {
    const broker = await this.#cluster.findBroker({ nodeId });
    const partitions = await fetchFrom(broker, {
      maxWaitTime: maxWaitMs,
      minBytes: 1,
      maxBytes: bytesPerFetch,
      isolationLevel: this.#isolationLevel,
      topics: [...topics].map(([topic, own]) => ({
        topic,
        partitions: own.map(({ partition, offset }) => ({ partition, fetchOffset: String(offset), maxBytes: bytesPerPartition })),
      })),
    });
    const fetched: FetchedRecords[] = [];
    for (const partition of partitions) {
      const records = await this.#decode(partition);
      if (records !== null) fetched.push(records);
    }
    return fetched;
  }

  /** null: the assignment has changed while the request was under way. */
  async #decode({ topic, partition, highWatermark, aborted, bytes }: FetchedPartition): Promise<FetchedRecords | null> {
    const place = { topic, partition };
    const assigned = this.#assigned.get(idOf(place));
    if (assigned === undefined) return null;
    if (!areRecordBatches(bytes)) throw tooOld(topic);
    const from = assigned.offset;
    const { records, nextOffset } = await decodeRecordBatches(bytes, from, aborted, unpack);
    assigned.offset = nextOffset;
    return { ...place, records, nextOffset, endOffset: highWatermark };
  }
}

function tooOld(topic: string): ConnectorError {
  const what = `Topic ${topic} holds records in a format from before Kafka 0.11, which cannot be read.`;
  return new ConnectorError("KAFKA_FORMAT", `${what} Copy them into a new topic with Kafka's own tools.`, { retryable: false });
}

function outOfRange(wanted: readonly Assigned[], cause: unknown): ConnectorError {
  const places = wanted.map(({ topic, partition, offset }) => `${topic}/${partition} at ${offset}`).join(", ");
  const what = `The broker no longer has the records to go on with (one of ${places}): they were deleted by its retention.`;
  return new ConnectorError("OFFSET_OUT_OF_RANGE", `${what} Deploy with "start empty", or from a savepoint that is newer.`, {
    retryable: false,
    cause,
  });
}

function idOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}
