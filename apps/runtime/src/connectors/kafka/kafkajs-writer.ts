import { ConnectorError } from "@millrace/engine";
import { CompressionTypes, type Kafka, type Message, Partitioners, type Producer, type TopicMessages } from "kafkajs";
import type { Compression, KafkaWriter, OutgoingRecord, WriterOptions } from "./kafka-driver.ts";
import { kafkaFailure } from "./kafka-failure.ts";

const compressionTypes: Readonly<Record<Compression, CompressionTypes>> = {
  none: CompressionTypes.None,
  gzip: CompressionTypes.GZIP,
  snappy: CompressionTypes.Snappy,
  lz4: CompressionTypes.LZ4,
  zstd: CompressionTypes.ZSTD,
};

/** What goes into one request; a broker takes about a megabyte a partition. */
const bytesPerSend = 512 << 10;
const recordsPerSend = 5000;
/** An open transaction of an owner that never comes back holds readers of committed records up for as long. */
const transactionTimeoutMs = 30_000;

/** A producer of kafkajs: always idempotent, one request at a time. */
export async function openKafkajsWriter(kafka: Kafka, options: WriterOptions): Promise<KafkaWriter> {
  const producer = kafka.producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    transactionTimeout: transactionTimeoutMs,
    ...(options.transactionalId === null ? {} : { transactionalId: options.transactionalId }),
  });
  try {
    await producer.connect();
    // Only a first transaction takes the id over; an empty one that is aborted costs the broker nothing more.
    if (options.transactionalId !== null) await (await producer.transaction()).abort();
  } catch (cause) {
    await producer.disconnect().catch(() => {});
    throw kafkaFailure(cause, "Kafka");
  }
  return new KafkajsWriter(producer, options);
}

class KafkajsWriter implements KafkaWriter {
  readonly #producer: Producer;
  readonly #options: WriterOptions;

  constructor(producer: Producer, options: WriterOptions) {
    this.#producer = producer;
    this.#options = options;
  }

  async send(records: readonly OutgoingRecord[]): Promise<void> {
    try {
      for (const piece of pieces(records)) await this.#producer.sendBatch(this.#batch(piece));
    } catch (cause) {
      throw kafkaFailure(cause, writing(records));
    }
  }

  async sendInTransaction(records: readonly OutgoingRecord[]): Promise<void> {
    if (this.#options.transactionalId === null)
      throw new ConnectorError("KAFKA_MISUSED", "This writer has no transactions.", { retryable: false });
    try {
      const transaction = await this.#producer.transaction();
      try {
        for (const piece of pieces(records)) await transaction.sendBatch(this.#batch(piece));
      } catch (cause) {
        await transaction.abort().catch(() => {});
        throw cause;
      }
      await transaction.commit();
    } catch (cause) {
      throw kafkaFailure(cause, writing(records));
    }
  }

  async close(): Promise<void> {
    await this.#producer.disconnect().catch(() => {});
  }

  #batch(records: readonly OutgoingRecord[]) {
    const byTopic = new Map<string, Message[]>();
    for (const { topic, partition, key, value, headers } of records) {
      const messages = byTopic.get(topic) ?? [];
      byTopic.set(topic, messages);
      messages.push({ key: bufferOf(key), value: bufferOf(value), headers, ...(partition === null ? {} : { partition }) });
    }
    const topicMessages: TopicMessages[] = [...byTopic].map(([topic, messages]) => ({ topic, messages }));
    return { topicMessages, acks: -1, compression: compressionTypes[this.#options.compression] };
  }
}

function* pieces(records: readonly OutgoingRecord[]): Generator<readonly OutgoingRecord[]> {
  let from = 0;
  let bytes = 0;
  for (let at = 0; at < records.length; at++) {
    const size = (records[at].value?.length ?? 0) + (records[at].key?.length ?? 0) + 70;
    if (at > from && (bytes + size > bytesPerSend || at - from >= recordsPerSend)) {
      yield records.slice(from, at);
      from = at;
      bytes = 0;
    }
    bytes += size;
  }
  if (from < records.length) yield records.slice(from);
}

function bufferOf(bytes: Uint8Array | null): Buffer | null {
  return bytes === null ? null : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

function writing(records: readonly OutgoingRecord[]): string {
  return `Writing to ${[...new Set(records.map(({ topic }) => topic))].join(", ")}`;
}
