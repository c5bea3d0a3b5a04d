import { ConnectorError } from "@millrace/engine";
import {
  commitTopic,
  eachRecord,
  type KafkaDriver,
  type KafkaReader,
  type KafkaWriter,
  type OutgoingRecord,
  type TopicPartition,
} from "@millrace/runtime/kafka";
import type { SimKafka } from "./sim-kafka.ts";
import { type SimProcess, Unclear } from "./sim-process.ts";

/** A fetch of a source brings little, and takes its time: so there is time for something to go wrong. */
const mostRecords = 2;
const pauseMs = 60;

/** A Kafka driver of a process: every request of it can be lost, arrive late, or be the last thing that the process does. */
export function createSimKafkaDriver(kafka: SimKafka, process: SimProcess, onRead: (records: number) => void = () => {}): KafkaDriver {
  const ask = <T>(label: string, effect: () => T): Promise<T> =>
    process.call(label, effect).catch((cause: unknown) => Promise.reject(failure(cause)));
  return {
    countBrokers: () => ask("kafka.describeCluster", () => 1),
    listTopics: () => ask("kafka.listTopics", () => kafka.topicNames),
    partitions: (topic) => ask("kafka.partitions", () => kafka.partitions(topic)),
    offsets: (topic, start) =>
      ask("kafka.offsets", () =>
        kafka.offsets(topic, start === "earliest" ? Number.NEGATIVE_INFINITY : start === "latest" ? null : start.timestampMs),
      ),
    ensureTopic: (topic, { partitions }) => ask("kafka.ensureTopic", () => kafka.ensureTopic(topic, partitions)),
    openReader: async ({ readCommitted }) => createReader(kafka, process, readCommitted, onRead, ask),
    openWriter: async ({ transactionalId }) => {
      if (transactionalId === null) return createPlainWriter(kafka, ask);
      const epoch = await ask("sink.topic.initProducer", () => kafka.initProducer(transactionalId));
      return createTransactionalWriter(kafka, transactionalId, epoch, ask);
    },
    publishOffsets: () => ask("kafka.publishOffsets", () => {}),
    async close() {},
  };
}

type Ask = <T>(label: string, effect: () => T) => Promise<T>;

function createReader(
  kafka: SimKafka,
  process: SimProcess,
  readCommitted: boolean,
  onRead: (records: number) => void,
  ask: Ask,
): KafkaReader {
  let positions: readonly (TopicPartition & { readonly offset: number })[] = [];
  const paused = new Set<string>();
  const nameOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;
  const fetchNow = async (): ReturnType<KafkaReader["fetch"]> => {
    const asked = positions.filter((position) => !paused.has(nameOf(position)));
    const isSource = asked.some(({ topic }) => topic !== commitTopic);
    if (isSource) await process.clock.sleep(pauseMs);
    const fetched = await ask("source.fetch", () =>
      asked.map((position) => kafka.fetch(position, position.offset, readCommitted, isSource ? mostRecords : Number.POSITIVE_INFINITY)),
    );
    positions = positions.map((position) => ({
      ...position,
      offset: fetched.find((found) => nameOf(found) === nameOf(position))?.nextOffset ?? position.offset,
    }));
    onRead(fetched.reduce((sum, { records }) => sum + records.length, 0));
    return fetched.filter(({ records, nextOffset }, i) => records.length > 0 || nextOffset > asked[i].offset);
  };
  return {
    assign(wanted) {
      positions = wanted;
    },
    pause: (partitions) => partitions.forEach((partition) => void paused.add(nameOf(partition))),
    resume: (partitions) => partitions.forEach((partition) => void paused.delete(nameOf(partition))),
    async fetch(maxWaitMs) {
      const found = await fetchNow();
      if (found.length > 0) return found;
      await process.clock.sleep(maxWaitMs);
      return await fetchNow();
    },
    async close() {},
  };
}

function createPlainWriter(kafka: SimKafka, ask: Ask): KafkaWriter {
  return {
    send: (records) => ask("sink.topic.send", () => kafka.append(eachRecord(records))),
    sendAhead: refuseTransaction,
    sendInTransaction: refuseTransaction,
    async close() {},
  };
}

const refuseTransaction = (): Promise<never> =>
  Promise.reject(new ConnectorError("KAFKA_MISUSED", "This writer has no transactions.", { retryable: false }));

function createTransactionalWriter(kafka: SimKafka, transactionalId: string, epoch: number, ask: Ask): KafkaWriter {
  const produce: KafkaWriter["sendInTransaction"] = async (records, alsoIn) => {
    try {
      // A request a partition, as a client sends them.
      for (const part of byPlace(eachRecord(records)))
        await ask("sink.topic.produce", () => kafka.produce(transactionalId, epoch, part, alsoIn));
    } catch (cause) {
      await ask("sink.topic.abort", () => kafka.abort(transactionalId, epoch)).catch(() => {});
      throw cause;
    }
  };
  return {
    send: (records) => ask("sink.topic.send", () => kafka.appendAs(transactionalId, epoch, eachRecord(records))),
    sendAhead: (records) => produce(records),
    async sendInTransaction(records, alsoIn) {
      await produce(records, alsoIn);
      await ask(`sink.topic.deliver ${checkpointIn(eachRecord(records))}`, () => kafka.commit(transactionalId, epoch));
    },
    async close() {},
  };
}

function byPlace(records: readonly OutgoingRecord[]): readonly (readonly OutgoingRecord[])[] {
  const places = new Map<string, OutgoingRecord[]>();
  for (const record of records) {
    const place = places.get(record.topic);
    if (place === undefined) places.set(record.topic, [record]);
    else place.push(record);
  }
  return [...places.values()];
}

/** The checkpoint that a transaction says it holds; for the names of calls. */
function checkpointIn(records: readonly OutgoingRecord[]): string {
  const marker = records.find(({ topic }) => topic === commitTopic)?.value;
  return marker === undefined || marker === null ? "0" : String(JSON.parse(new TextDecoder().decode(marker)).checkpoint);
}

function failure(cause: unknown): unknown {
  if (!(cause instanceof Unclear)) return cause;
  return new ConnectorError("KAFKA_UNAVAILABLE", `Kafka cannot be used just now: ${cause.message}.`, { retryable: true, cause });
}
