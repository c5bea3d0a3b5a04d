/** One partition of a topic. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** A record as the broker has it. */
export interface KafkaRecord {
  readonly offset: number;
  /** The record's own time, ms since the epoch. */
  readonly timeMs: number;
  readonly key: Uint8Array | null;
  /** null: a tombstone. */
  readonly value: Uint8Array | null;
  readonly headers: readonly (readonly [name: string, value: Uint8Array])[];
}

/** Records of one partition, in order of their offsets. Offsets may have gaps. */
export interface FetchedRecords extends TopicPartition {
  readonly records: readonly KafkaRecord[];
  /** Where reading goes on: behind the last record and behind what was skipped (aborted transactions, control records). */
  readonly nextOffset: number;
  /** Offset of the next record that will be written. */
  readonly endOffset: number;
}

/** A record to be written. */
export interface OutgoingRecord {
  readonly topic: string;
  /** null: the key decides, or without a key chance. */
  readonly partition: number | null;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** Records that differ in their values alone, and whose partition chance decides: a piece of lines of which each is a value. */
export interface OutgoingLines {
  readonly topic: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
  /** Where in `bytes` the line feeds are that end the values. */
  readonly ends: Int32Array;
}

/** What a writer takes: one record, or many at a time. */
export type Outgoing = OutgoingRecord | OutgoingLines;

export type StartOffset = "earliest" | "latest" | { readonly timestampMs: number };

/** Reads partitions that it is told to read; it belongs to no group. */
export interface KafkaReader {
  /** Replaces what is read, and from where. An offset that the broker no longer has makes `fetch` reject with `OFFSET_OUT_OF_RANGE`. */
  assign(positions: readonly (TopicPartition & { readonly offset: number })[]): void;
  /** Leaves partitions out of `fetch` until `resume`. */
  pause(partitions: readonly TopicPartition[]): void;
  resume(partitions: readonly TopicPartition[]): void;
  /** What is there beyond the positions, which move on; waits at most `maxWaitMs` for the first record. Never an aborted record when the reader reads what is committed. */
  fetch(maxWaitMs: number): Promise<readonly FetchedRecords[]>;
  close(): Promise<void>;
}

export type Compression = "none" | "gzip" | "snappy" | "lz4" | "zstd";

export interface WriterOptions {
  /** Opening fences all earlier writers of the same id and ends their open transactions; null: no transactions. */
  readonly transactionalId: string | null;
  readonly compression: Compression;
}

/** Writes records, always idempotently and so acknowledged by all replicas; it creates no topics. After a failure it must be closed and opened again. */
export interface KafkaWriter {
  /**
   * Durable when it resolves; in order per partition. With a `transactionalId`, outside any transaction: a partition in which
   * a newer writer of that id has written, or ended a transaction, refuses them.
   */
  send(records: readonly Outgoing[]): Promise<void>;
  /**
   * Into the transaction that the next `sendInTransaction` commits: until then no reader of committed records sees them, and
   * they are given up with the writer. Only with a `transactionalId`.
   */
  sendAhead(records: readonly Outgoing[]): Promise<void>;
  /**
   * With what was sent ahead: all of them or none. Only with a `transactionalId`. A rejection leaves open whether it was committed. `alsoIn`: partitions
   * that the transaction ends in too, without a record of it; when it resolves, it has ended in them.
   */
  sendInTransaction(records: readonly Outgoing[], alsoIn?: readonly TopicPartition[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * What Millrace needs of a Kafka client. Every failure is a `ConnectorError`; those that can pass are retryable.
 * `describeKafkaDriver` says what each implementation must do.
 */
export interface KafkaDriver {
  /** Connects, and says how many brokers there are. */
  countBrokers(): Promise<number>;
  /** Names of all topics, internal ones left out. */
  listTopics(): Promise<readonly string[]>;
  /** Numbers of a topic's partitions; empty when there is no such topic. Never creates one. */
  partitions(topic: string): Promise<readonly number[]>;
  /** First offset at or after the start, by partition. Behind the last record: the end. */
  offsets(topic: string, start: StartOffset): Promise<ReadonlyMap<number, number>>;
  /** Creates a topic when it is missing. */
  ensureTopic(topic: string, options: { readonly partitions: number; readonly compacted: boolean }): Promise<void>;
  openReader(options: { readonly readCommitted: boolean }): Promise<KafkaReader>;
  openWriter(options: WriterOptions): Promise<KafkaWriter>;
  /** Publishes positions under a group's name, for tools that show lag. Nothing is ever read from there. */
  publishOffsets(group: string, positions: readonly (TopicPartition & { readonly offset: number })[]): Promise<void>;
  close(): Promise<void>;
}
