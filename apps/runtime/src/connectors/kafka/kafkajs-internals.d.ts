/**
 * The parts of kafkajs below its public face that reading assigned partitions needs: its consumer only reads as a
 * member of a group. The version is pinned exactly.
 */
declare module "kafkajs/src/cluster/index.js" {
  interface FetchedMessage {
    readonly offset: string;
    readonly timestamp: string;
    readonly key: Buffer | null;
    readonly value: Buffer | null;
    readonly headers?: Readonly<Record<string, Buffer | readonly Buffer[]>>;
    readonly isControlRecord?: boolean;
  }

  interface PartitionResponse {
    readonly partition: number;
    readonly highWatermark: string;
    readonly messages: readonly FetchedMessage[];
    readonly abortedTransactions?: readonly unknown[];
  }

  interface Broker {
    fetch(options: {
      readonly maxWaitTime: number;
      readonly minBytes: number;
      readonly maxBytes: number;
      readonly isolationLevel: number;
      readonly topics: readonly {
        readonly topic: string;
        readonly partitions: readonly { readonly partition: number; readonly fetchOffset: string; readonly maxBytes: number }[];
      }[];
    }): Promise<{ readonly responses: readonly { readonly topicName: string; readonly partitions: readonly PartitionResponse[] }[] }>;
  }

  export default class Cluster {
    constructor(options: Readonly<Record<string, unknown>>);
    connect(): Promise<void>;
    disconnect(): Promise<void>;
    addMultipleTargetTopics(topics: readonly string[]): Promise<void>;
    refreshMetadata(): Promise<void>;
    refreshMetadataIfNecessary(): Promise<void>;
    /** Partitions by the id of the broker that leads them. */
    findLeaderForPartitions(topic: string, partitions: readonly number[]): Readonly<Record<string, readonly number[]>>;
    /** Offsets of the start, of a time (-1: none that late), or of the end: uncommitted that of the log, else that of the oldest open transaction. */
    fetchTopicsOffset(
      topics: readonly {
        readonly topic: string;
        readonly partitions: readonly { readonly partition: number }[];
        readonly fromBeginning?: boolean;
        readonly fromTimestamp?: number;
      }[],
    ): Promise<
      readonly { readonly topic: string; readonly partitions: readonly { readonly partition: number; readonly offset: string }[] }[]
    >;
    findBroker(options: { readonly nodeId: string }): Promise<Broker>;
  }
}

declare module "kafkajs/src/consumer/batch.js" {
  import type { FetchedMessage, PartitionResponse } from "kafkajs/src/cluster/index.js";

  /** Filters aborted and control records out of what a partition sent. */
  export default class Batch {
    constructor(topic: string, fetchedOffset: string, partition: PartitionResponse);
    readonly messages: readonly FetchedMessage[];
    readonly messagesWithinOffset: readonly FetchedMessage[];
    isEmptyIncludingFiltered(): boolean;
    isEmptyDueToLogCompactedMessages(): boolean;
    lastOffset(): string;
  }
}

declare module "kafkajs/src/loggers/index.js" {
  export function createLogger(options: { readonly level: number; readonly logCreator: unknown }): unknown;
}

declare module "lz4js" {
  const lz4: {
    /** Reads a frame. */
    decompress(bytes: Uint8Array): Uint8Array;
    compressBound(length: number): number;
    /** Packs one block; 0 when it does not become smaller. */
    compressBlock(from: Uint8Array, into: Uint8Array, start: number, length: number, hashTable: Uint32Array): number;
  };
  export default lz4;
}

declare module "snappyjs" {
  const snappy: { compress(bytes: Uint8Array): Uint8Array; uncompress(bytes: Uint8Array): Uint8Array };
  export default snappy;
}

declare module "lz4js/xxh32.js" {
  const xxh32: { hash(seed: number, bytes: Uint8Array, start: number, length: number): number };
  export default xxh32;
}
