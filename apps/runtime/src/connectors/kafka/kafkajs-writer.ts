import { ConnectorError } from "@millrace/engine";
import type Cluster from "kafkajs/src/cluster/index.js";
import createEosManager, { type EosManager } from "kafkajs/src/producer/eosManager/index.js";
import type { EgressPolicy } from "../egress-policy.ts";
import { PartitionChooser } from "./choose-partition.ts";
import { packingOf } from "./compressions.ts";
import type { KafkaConnection } from "./kafka-connection.ts";
import type { KafkaWriter, Outgoing, TopicPartition, WriterOptions } from "./kafka-driver.ts";
import { isDuplicate, kafkaFailure, mayPassSoon } from "./kafka-failure.ts";
import { createCluster, silentLogger } from "./kafkajs-cluster.ts";
import { type EncodedBatch, produceTo } from "./kafkajs-requests.ts";
import { type Pile, Piles } from "./piles.ts";
import { countRecords, encodeRecordBatch, type Packing } from "./record-batch-encoder.ts";

/** An open transaction of an owner that never comes back holds readers of committed records up for as long. */
const transactionTimeoutMs = 30_000;
/** So many requests may be under way: brokers keep the order of an idempotent producer up to five. */
const mostInFlight = 5;
/** A busy broker takes its time to end a transaction, or to say who leads a partition. */
const patienceMs = 10_000;
/** Who waits for the end of a pipeline waits for a broker that does not answer no longer than this. */
const patienceAtEndMs = 500;
const firstPauseMs = 20;
const longestPauseMs = 500;

/**
 * An idempotent producer over kafkajs' own connections, below its producer: batches are encoded here, of all partitions
 * of a broker in one request, and up to five requests are under way at a time.
 */
export async function openKafkajsWriter(connection: KafkaConnection, egress: EgressPolicy, options: WriterOptions): Promise<KafkaWriter> {
  const cluster = createCluster(connection, egress, { readCommitted: false });
  const { transactionalId } = options;
  const identity = createEosManager({
    logger: silentLogger(),
    cluster,
    transactionTimeout: transactionTimeoutMs,
    transactional: transactionalId !== null,
    transactionalId,
  });
  try {
    await cluster.connect();
    await identity.initProducerId();
  } catch (cause) {
    await cluster.disconnect().catch(() => {});
    throw kafkaFailure(cause, "Kafka");
  }
  return new KafkajsWriter(cluster, identity, options);
}

class KafkajsWriter implements KafkaWriter {
  readonly #cluster: Cluster;
  readonly #identity: EosManager;
  readonly #transactionalId: string | null;
  readonly #packing: Packing | null;
  readonly #chooser = new PartitionChooser(Math.floor(Math.random() * 1024));
  /** A transaction has begun and was not ended. */
  #isOpen = false;

  constructor(cluster: Cluster, identity: EosManager, { transactionalId, compression }: WriterOptions) {
    this.#cluster = cluster;
    this.#identity = identity;
    this.#transactionalId = transactionalId;
    this.#packing = packingOf(compression);
  }

  async send(records: readonly Outgoing[]): Promise<void> {
    try {
      await this.#know(records);
      await this.#write(this.#piles(records), false);
    } catch (cause) {
      throw kafkaFailure(cause, writing(records));
    }
  }

  async sendInTransaction(records: readonly Outgoing[], alsoIn: readonly TopicPartition[] = []): Promise<void> {
    try {
      await this.#writeInTransaction(records, alsoIn);
      this.#isOpen = false;
      await this.#identity.commit();
      if (alsoIn.length > 0) await this.#untilEnded(alsoIn[0]);
    } catch (cause) {
      throw kafkaFailure(cause, writing(records));
    }
  }

  async sendAhead(records: readonly Outgoing[]): Promise<void> {
    try {
      await this.#writeInTransaction(records, []);
    } catch (cause) {
      throw kafkaFailure(cause, writing(records));
    }
  }

  /** Where a transaction is open it is given up, unless that takes long: readers wait for its end. */
  async close(): Promise<void> {
    if (this.#isOpen) await Promise.race([this.#giveUp(), new Promise((resolve) => setTimeout(resolve, patienceAtEndMs))]);
    await this.#cluster.disconnect().catch(() => {});
  }

  /** In the transaction that is open, else in a new one; a failure ends it. */
  async #writeInTransaction(records: readonly Outgoing[], alsoIn: readonly TopicPartition[]): Promise<void> {
    if (this.#transactionalId === null) throw new ConnectorError("KAFKA_MISUSED", "This writer has no transactions.", { retryable: false });
    await this.#know(records);
    if (!this.#isOpen) this.#identity.beginTransaction();
    this.#isOpen = true;
    try {
      const piles = this.#piles(records);
      const topics = Map.groupBy<string, TopicPartition>([...piles, ...alsoIn], ({ topic }) => topic);
      const partitions = [...topics].map(([topic, own]) => ({ topic, partitions: own }));
      await this.#patiently(() => this.#identity.addPartitionsToTransaction(partitions));
      await this.#write(piles, true);
    } catch (cause) {
      await this.#giveUp();
      throw cause;
    }
  }

  async #giveUp(): Promise<void> {
    this.#isOpen = false;
    await this.#identity.abort().catch(() => {});
  }

  /** A broker says that a transaction is committed before all partitions know, but begins the next one only then. */
  async #untilEnded({ topic, partition }: TopicPartition): Promise<void> {
    this.#identity.beginTransaction();
    try {
      await this.#patiently(() => this.#identity.addPartitionsToTransaction([{ topic, partitions: [{ partition }] }]));
    } finally {
      await this.#identity.abort();
    }
  }

  /** Finds out who leads the partitions. */
  async #know(records: readonly Outgoing[]): Promise<void> {
    await this.#cluster.addMultipleTargetTopics([...new Set(records.map(({ topic }) => topic))]);
    await this.#cluster.refreshMetadataIfNecessary();
  }

  /** Piles of records by partition, in order; a partition with many records has several. */
  #piles(records: readonly Outgoing[]): Pile[] {
    const piles = new Piles((topic) => this.#cluster.findTopicPartitionMetadata(topic).length, this.#chooser);
    for (const record of records) {
      if ("ends" in record) piles.addLines(record);
      else piles.add(record);
    }
    return piles.all;
  }

  async #write(piles: readonly Pile[], inTransaction: boolean): Promise<void> {
    const underWay: Promise<readonly EncodedBatch[]>[] = [];
    const failed: EncodedBatch[] = [];
    for (const round of rounds(piles)) {
      const batches: EncodedBatch[] = [];
      for (const pile of round) batches.push(await this.#encode(pile, inTransaction));
      if (underWay.length >= mostInFlight) failed.push(...((await underWay.shift()) ?? []));
      // Behind a failure nothing more is begun: what is missing goes first, one by one.
      if (failed.length > 0) failed.push(...batches);
      else underWay.push(this.#request(batches, inTransaction));
    }
    for (const answered of await Promise.all(underWay)) failed.push(...answered);
    for (const batch of failed) await this.#patiently(() => this.#produce([batch], inTransaction));
  }

  async #encode({ topic, partition, records }: Pile, transactional: boolean): Promise<EncodedBatch> {
    const firstSequence = this.#identity.getSequence(topic, partition);
    this.#identity.updateSequence(topic, partition, countRecords(records));
    const origin = {
      producerId: BigInt(this.#identity.getProducerId()),
      producerEpoch: this.#identity.getProducerEpoch(),
      firstSequence,
      transactional,
      timeMs: Date.now(),
    };
    return { topic, partition, bytes: await encodeRecordBatch(records, origin, this.#packing) };
  }

  /** Sends batches, by the brokers that lead their partitions. Those that have to be sent again are the outcome; what does not pass rejects. */
  async #request(batches: readonly EncodedBatch[], inTransaction: boolean): Promise<readonly EncodedBatch[]> {
    try {
      await this.#produce(batches, inTransaction);
      return [];
    } catch (cause) {
      if (!mayPassSoon(cause)) throw cause;
      return batches;
    }
  }

  async #produce(batches: readonly EncodedBatch[], inTransaction: boolean): Promise<void> {
    const transactionalId = inTransaction ? this.#transactionalId : null;
    const byLeader = Map.groupBy(batches, ({ topic, partition }) => {
      const known = this.#cluster.findTopicPartitionMetadata(topic).find(({ partitionId }) => partitionId === partition);
      return String(known?.leader ?? -1);
    });
    await Promise.all(
      [...byLeader].map(async ([nodeId, own]) => produceTo(await this.#cluster.findBroker({ nodeId }), own, transactionalId)),
    );
  }

  /** Repeats what may be repeated: batches carry their sequence numbers, by which a broker knows those that it has. */
  async #patiently(action: () => Promise<void>): Promise<void> {
    const until = performance.now() + patienceMs;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
      try {
        return await action();
      } catch (cause) {
        if (isDuplicate(cause)) return;
        if (performance.now() >= until || !mayPassSoon(cause)) throw cause;
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
        await this.#cluster.refreshMetadata();
      }
    }
  }
}

/** The piles of a request each: at most one of a partition, and in order. */
function rounds(piles: readonly Pile[]): readonly (readonly Pile[])[] {
  const begun: Pile[][] = [];
  const next = new Map<string, number>();
  for (const pile of piles) {
    const place = `${pile.topic}/${pile.partition}`;
    const round = next.get(place) ?? 0;
    next.set(place, round + 1);
    begun[round] ??= [];
    begun[round].push(pile);
  }
  return begun;
}

function writing(records: readonly Outgoing[]): string {
  return `Writing to ${[...new Set(records.map(({ topic }) => topic))].join(", ")}`;
}
