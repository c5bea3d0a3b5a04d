import type { Broker } from "kafkajs/src/cluster/index.js";
import Encoder from "kafkajs/src/protocol/encoder.js";
import { createErrorFromCode } from "kafkajs/src/protocol/error.js";
import { type KafkaRequest, requests } from "kafkajs/src/protocol/requests/index.js";
import { type FetchedPartition, readFetchResponse } from "./fetch-response.ts";
import { readProduceErrors } from "./produce-response.ts";

const apiKeys = { produce: 0, fetch: 1 } as const;

export interface FetchOptions {
  readonly maxWaitTime: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly isolationLevel: number;
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number; readonly fetchOffset: string; readonly maxBytes: number }[];
  }[];
}

/** Fetches from a broker. Rejects with the protocol's error when one of the partitions has one. */
export async function fetchFrom(broker: Broker, options: FetchOptions): Promise<readonly FetchedPartition[]> {
  const { request, response, ...more } = broker.lookupRequest(apiKeys.fetch, requests.Fetch)({ ...options, rackId: "" });
  let fetched: readonly FetchedPartition[] = [];
  const decode = async (bytes: Buffer): Promise<object> => {
    fetched = readFetchResponse(bytes, request.apiVersion);
    return {};
  };
  await sendTo(broker, { ...more, request, response: { ...response, decode, parse: async () => {} } });
  for (const { errorCode } of fetched) if (errorCode !== 0) throw createErrorFromCode(errorCode);
  return fetched;
}

export interface EncodedBatch {
  readonly topic: string;
  readonly partition: number;
  readonly bytes: Buffer;
}

/** Sends record batches, at most one a partition, and waits for all replicas. Rejects with the protocol's error when one of the partitions has one. */
export async function produceTo(broker: Broker, batches: readonly EncodedBatch[], transactionalId: string | null): Promise<void> {
  const options = { acks: -1, timeout: produceTimeoutMs, transactionalId, topicData: [] };
  const { request, response, ...more } = broker.lookupRequest(apiKeys.produce, requests.Produce)(options);
  let errors: readonly number[] = [];
  const decode = async (bytes: Buffer): Promise<object> => {
    errors = readProduceErrors(bytes, request.apiVersion);
    return {};
  };
  const encode = async (): Promise<Encoder> => encodeProduce(batches, transactionalId);
  await sendTo(broker, { ...more, request: { ...request, encode }, response: { ...response, decode, parse: async () => {} } });
  for (const code of errors) if (code !== 0) throw createErrorFromCode(code);
}

const produceTimeoutMs = 30_000;

/** Produce request, versions 3 to 8. */
function encodeProduce(batches: readonly EncodedBatch[], transactionalId: string | null): Encoder {
  const topics = Map.groupBy(batches, ({ topic }) => topic);
  const encoder = new Encoder().writeString(transactionalId).writeInt16(-1).writeInt32(produceTimeoutMs).writeInt32(topics.size);
  for (const [topic, own] of topics) {
    encoder.writeString(topic).writeInt32(own.length);
    for (const { partition, bytes } of own) encoder.writeInt32(partition).writeInt32(bytes.length).writeBuffer(bytes);
  }
  return encoder;
}

async function sendTo(broker: Broker, request: KafkaRequest): Promise<void> {
  try {
    await broker.connectionPool.send(request);
  } catch (cause) {
    if (cause instanceof Error && cause.name === "KafkaJSConnectionClosedError") await broker.disconnect();
    throw cause;
  }
}
