/**
 * The parts of kafkajs below its public face: its consumer only reads as a member of a group, and its records are decoded
 * and encoded one field at a time, which costs more than all else. The version is pinned exactly.
 */
declare module "kafkajs/src/cluster/index.js" {
  import type { KafkaRequest, Lookup } from "kafkajs/src/protocol/requests/index.js";

  interface Broker {
    /** Finds the version of a request that both sides know. */
    readonly lookupRequest: Lookup;
    readonly connectionPool: { send(request: KafkaRequest): Promise<unknown> };
    disconnect(): Promise<void>;
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
    findTopicPartitionMetadata(topic: string): readonly { readonly partitionId: number; readonly leader: number }[];
  }
}

declare module "kafkajs/src/protocol/requests/index.js" {
  import type Encoder from "kafkajs/src/protocol/encoder.js";

  interface KafkaRequest {
    readonly request: { readonly apiVersion: number; readonly encode: () => Promise<Encoder> };
    readonly response: { readonly decode: (bytes: Buffer) => Promise<unknown>; readonly parse: (decoded: unknown) => Promise<unknown> };
    readonly requestTimeout?: number;
  }
  type RequestDefinition = { readonly versions: readonly string[] };
  type Lookup = (apiKey: number, definition: RequestDefinition) => (options: Readonly<Record<string, unknown>>) => KafkaRequest;

  export const requests: { readonly Fetch: RequestDefinition; readonly Produce: RequestDefinition };
}

declare module "kafkajs/src/protocol/encoder.js" {
  export default class Encoder {
    readonly buffer: Buffer;
    writeInt16(value: number): this;
    writeInt32(value: number): this;
    writeString(value: string | null): this;
    writeBuffer(value: Buffer): this;
  }
}

declare module "kafkajs/src/protocol/error.js" {
  /** An error with the protocol's name of the code as `type`. */
  export function createErrorFromCode(code: number): Error;
}

declare module "kafkajs/src/producer/eosManager/index.js" {
  import type Cluster from "kafkajs/src/cluster/index.js";

  /** Identity and transactions of an idempotent producer. */
  interface EosManager {
    /** Takes a transactional id over: fences earlier producers of it and ends their transactions. */
    initProducerId(): Promise<void>;
    getProducerId(): string | number;
    getProducerEpoch(): number;
    getSequence(topic: string, partition: number): number;
    updateSequence(topic: string, partition: number, increment: number): void;
    beginTransaction(): void;
    addPartitionsToTransaction(
      topics: readonly { readonly topic: string; readonly partitions: readonly { readonly partition: number }[] }[],
    ): Promise<void>;
    commit(): Promise<void>;
    abort(): Promise<void>;
  }

  export default function createEosManager(options: {
    readonly logger: unknown;
    readonly cluster: Cluster;
    readonly transactionTimeout: number;
    readonly transactional: boolean;
    readonly transactionalId: string | null;
  }): EosManager;
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

declare module "kafkajs/src/producer/partitioners/default/murmur2.js" {
  /** What kafkajs itself chooses partitions with; for comparison. */
  export default function murmur2(key: Buffer): number;
}
