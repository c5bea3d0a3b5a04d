import type { AbortedTransaction } from "./record-batch-decoder.ts";
import { WireReader } from "./wire-reader.ts";

/** What a broker sent of a partition. */
export interface FetchedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: number;
  /** Offset behind the last record that all replicas have. */
  readonly highWatermark: number;
  readonly aborted: readonly AbortedTransaction[];
  /** Record batches as they are stored. */
  readonly bytes: Buffer;
}

/** Reads the answer to a Fetch request of the versions 4 to 11. Source: the guide to Kafka's protocol. */
export function readFetchResponse(bytes: Buffer, version: number): readonly FetchedPartition[] {
  if (version < 4 || version > 11) throw new Error(`the broker fetches in version ${version} of the protocol; 4 to 11 are known`);
  const reader = new WireReader(bytes);
  reader.int32();
  if (version >= 7) {
    reader.int16();
    reader.int32();
  }
  const topics = reader.list(() => {
    const topic = reader.text();
    return reader.list(() => readPartition(reader, topic, version));
  });
  return topics.flat();
}

function readPartition(reader: WireReader, topic: string, version: number): FetchedPartition {
  const [partition, errorCode, highWatermark] = [reader.int32(), reader.int16(), Number(reader.int64())];
  reader.int64();
  if (version >= 5) reader.int64();
  const aborted = reader.list(() => ({ producerId: reader.int64(), firstOffset: Number(reader.int64()) }));
  if (version >= 11) reader.int32();
  return { topic, partition, errorCode, highWatermark, aborted, bytes: reader.bytes() };
}
