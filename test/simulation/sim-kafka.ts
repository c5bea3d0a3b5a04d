import { ConnectorError } from "@millrace/engine";
import type { FetchedRecords, KafkaRecord, OutgoingRecord, TopicPartition } from "@millrace/runtime/kafka";
import type { Scheduler } from "./scheduler.ts";

/** A place in the log: a record that is part of a transaction, or of none, or a mark that ends one. */
interface Entry {
  readonly offset: number;
  /** null: the mark that ends a transaction. */
  readonly record: KafkaRecord | null;
  state: "open" | "committed" | "aborted";
}

interface Producer {
  epoch: number;
  open: Transaction | null;
  /** The newest epoch that each log has seen of it: older ones are refused there. */
  readonly seen: Map<Entry[], number>;
}

interface Transaction {
  readonly entries: Entry[];
  readonly logs: Set<Entry[]>;
}

/** Between the pauses of a process that keeps its job and the longest. */
const usualTimeoutMs = 4000;
const encoder = new TextEncoder();

/** A cluster: topics with partitions and offsets, and transactions that fence, time out, and hold readers back while they are open. */
export class SimKafka {
  readonly #scheduler: Scheduler;
  readonly #nowMs: () => number;
  readonly #transactionTimeoutMs: number;
  readonly #topics = new Map<string, Entry[][]>();
  readonly #producers = new Map<string, Producer>();
  /** Transactions that the broker gave up. */
  timedOut = 0;

  /** Transactions that take longer than `transactionTimeoutMs` are given up. */
  constructor(scheduler: Scheduler, nowMs: () => number, transactionTimeoutMs = usualTimeoutMs) {
    this.#scheduler = scheduler;
    this.#transactionTimeoutMs = transactionTimeoutMs;
    this.#nowMs = nowMs;
  }

  get topicNames(): readonly string[] {
    return [...this.#topics.keys()];
  }

  ensureTopic(topic: string, partitions: number): void {
    if (!this.#topics.has(topic))
      this.#topics.set(
        topic,
        Array.from({ length: partitions }, () => []),
      );
  }

  partitions(topic: string): readonly number[] {
    return this.#topics.get(topic)?.map((_, partition) => partition) ?? [];
  }

  /** First offset by partition at or after a time; null: the end. */
  offsets(topic: string, atMs: number | null): ReadonlyMap<number, number> {
    const logs = this.#topics.get(topic) ?? [];
    const from = (log: readonly Entry[]): number => {
      const found = atMs === null ? undefined : log.find(({ record }) => record !== null && record.timeMs >= atMs);
      return found?.offset ?? log.length;
    };
    return new Map(logs.map((log, partition) => [partition, from(log)]));
  }

  /** What a reader sees from an offset on, a few entries at most: with `readCommitted` nothing behind the first transaction that is open. */
  fetch({ topic, partition }: TopicPartition, offset: number, readCommitted: boolean, most = Number.POSITIVE_INFINITY): FetchedRecords {
    const log = this.#topics.get(topic)?.at(partition);
    if (log === undefined || offset > log.length) {
      const message = `Kafka no longer has ${topic}/${partition} at ${offset}.`;
      throw new ConnectorError("OFFSET_OUT_OF_RANGE", message, { retryable: false });
    }
    const open = readCommitted ? log.findIndex(({ state }) => state === "open") : -1;
    const end = Math.min(open < 0 ? log.length : open, offset + most);
    const seen = log.slice(offset, Math.max(offset, end)).filter(({ state }) => !readCommitted || state === "committed");
    const records = seen.flatMap(({ record }) => (record === null ? [] : [record]));
    return { topic, partition, records, nextOffset: Math.max(offset, end), endOffset: log.length };
  }

  /** Writes without a transaction. */
  append(records: readonly OutgoingRecord[]): void {
    for (const record of records) this.#put(record, "committed");
  }

  /** Takes a transactional id over: the one before it is fenced, and what it has open is given up. Returns the epoch. */
  initProducer(transactionalId: string): number {
    const producer = this.#producers.get(transactionalId) ?? { epoch: 0, open: null, seen: new Map() };
    this.#producers.set(transactionalId, producer);
    this.#end(producer, "aborted");
    return ++producer.epoch;
  }

  /** Writes without a transaction as the owner of a transactional id, even when it no longer is: a log knows only whom it has seen. */
  appendAs(transactionalId: string, epoch: number, records: readonly OutgoingRecord[]): void {
    const producer = this.#producers.get(transactionalId);
    for (const record of records) {
      const log = this.#logOf(record);
      if (producer !== undefined && (producer.seen.get(log) ?? 0) > epoch) throw fenced("INVALID_PRODUCER_EPOCH", transactionalId);
      producer?.seen.set(log, epoch);
    }
    this.append(records);
  }

  produce(transactionalId: string, epoch: number, records: readonly OutgoingRecord[], alsoIn: readonly TopicPartition[] = []): void {
    const producer = this.#producer(transactionalId, epoch);
    const transaction: Transaction = producer.open ?? { entries: [], logs: new Set() };
    if (producer.open === null) this.#giveUpLater(transactionalId, producer, transaction);
    producer.open = transaction;
    for (const record of records) {
      const { entry, log } = this.#put(record, "open");
      transaction.entries.push(entry);
      transaction.logs.add(log);
    }
    for (const { topic, partition } of alsoIn) {
      const log = this.#topics.get(topic)?.at(partition);
      if (log !== undefined) transaction.logs.add(log);
    }
  }

  commit(transactionalId: string, epoch: number): void {
    const producer = this.#producer(transactionalId, epoch);
    if (producer.open === null) throw fenced("INVALID_TXN_STATE", transactionalId);
    this.#end(producer, "committed");
  }

  abort(transactionalId: string, epoch: number): void {
    this.#end(this.#producer(transactionalId, epoch), "aborted");
  }

  #giveUpLater(transactionalId: string, producer: Producer, transaction: Transaction): void {
    if (this.#transactionTimeoutMs === Number.POSITIVE_INFINITY) return;
    this.#scheduler.after(this.#transactionTimeoutMs, () => {
      if (producer.open !== transaction) return;
      this.#end(producer, "aborted");
      producer.epoch++;
      this.timedOut++;
      this.#scheduler.say(() => `Kafka gives up the transaction of ${transactionalId}`);
    });
  }

  #end(producer: Producer, state: "committed" | "aborted"): void {
    const { open } = producer;
    producer.open = null;
    if (open === null) return;
    for (const entry of open.entries) entry.state = state;
    for (const log of open.logs) {
      producer.seen.set(log, producer.epoch);
      log.push({ offset: log.length, record: null, state: "committed" });
    }
  }

  #producer(transactionalId: string, epoch: number): Producer {
    const producer = this.#producers.get(transactionalId);
    if (producer === undefined || producer.epoch !== epoch) throw fenced("INVALID_PRODUCER_EPOCH", transactionalId);
    return producer;
  }

  #put(
    { topic, partition, key, value, headers }: OutgoingRecord,
    state: "open" | "committed",
  ): { readonly entry: Entry; readonly log: Entry[] } {
    const log = this.#logOf({ topic, partition, key });
    const record: KafkaRecord = {
      offset: log.length,
      timeMs: this.#nowMs(),
      key,
      value,
      headers: Object.entries(headers).map(([name, text]) => [name, encoder.encode(text)] as const),
    };
    const entry: Entry = { offset: log.length, record, state };
    log.push(entry);
    return { entry, log };
  }

  #logOf({ topic, partition, key }: Pick<OutgoingRecord, "topic" | "partition" | "key">): Entry[] {
    this.ensureTopic(topic, 1);
    const logs = this.#topics.get(topic) ?? [];
    return logs[partition ?? placeOf(key, logs.length)];
  }
}

function placeOf(key: Uint8Array | null, partitions: number): number {
  if (key === null) return 0;
  let hash = 7;
  for (const byte of key) hash = (Math.imul(hash, 31) + byte) >>> 0;
  return hash % partitions;
}

/** As the driver says it: what can pass is tried again, and the cause tells a fenced writer. */
function fenced(type: string, transactionalId: string): ConnectorError {
  const cause = Object.assign(new Error(`${type}: ${transactionalId}`), { type });
  return new ConnectorError("KAFKA_UNAVAILABLE", `Kafka refuses ${transactionalId} (${type}).`, { retryable: true, cause });
}
