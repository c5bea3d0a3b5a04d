import { crc32c } from "@node-rs/crc32";
import type { KafkaRecord } from "./kafka-driver.ts";

/** A transaction that was aborted, and the first of its records that lies in what was sent. */
export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: number;
}

/** Records of a partition, and where reading goes on. */
export interface DecodedBatches {
  readonly records: KafkaRecord[];
  readonly nextOffset: number;
}

/** Unpacks compressed records by the number that Kafka gives the compression. */
export type Unpack = (compression: number, bytes: Buffer) => Promise<Buffer>;

const headerBytes = 61;
const compressionMask = 0x7;
const appendTimeFlag = 0x8;
const transactionalFlag = 0x10;
const controlFlag = 0x20;
const noHeaders: KafkaRecord["headers"] = [];

/** True when the bytes hold record batches (format 2); older ones are message sets. */
export function areRecordBatches(bytes: Buffer): boolean {
  return bytes.length < 17 || bytes[16] === 2;
}

/**
 * Decodes record batches as a broker sends them: the first may begin before `from`, the last may be cut off. Records of
 * aborted transactions and control records are left out. Keys and values share the memory of `bytes`, where they are not
 * compressed. Rejects when a batch is damaged. Source: "Record Batch" in Kafka's documentation of its message format.
 */
export async function decodeRecordBatches(
  bytes: Buffer,
  from: number,
  aborted: readonly AbortedTransaction[],
  unpack: Unpack,
): Promise<DecodedBatches> {
  const records: KafkaRecord[] = [];
  const begun = [...aborted].sort((a, b) => a.firstOffset - b.firstOffset);
  const open = new Set<bigint>();
  let nextOffset = from;
  for (let at = 0; at + headerBytes <= bytes.length; ) {
    const end = at + 12 + bytes.readInt32BE(at + 8);
    if (end > bytes.length) break;
    checkSum(bytes, at, end);
    const attributes = bytes.readInt16BE(at + 21);
    const firstOffset = offsetAt(bytes, at);
    const lastOffset = firstOffset + bytes.readInt32BE(at + 23);
    const producerId = bytes.readBigInt64BE(at + 43);
    while (begun.length > 0 && begun[0].firstOffset <= lastOffset) open.add(begun.shift()?.producerId ?? -1n);
    const isControl = (attributes & controlFlag) !== 0;
    const isAborted = (attributes & transactionalFlag) !== 0 && open.has(producerId);
    if (isControl) open.delete(producerId);
    else if (!isAborted && lastOffset >= from) {
      const compression = attributes & compressionMask;
      const body = bytes.subarray(at + headerBytes, end);
      const timeMs = (attributes & appendTimeFlag) === 0 ? offsetAt(bytes, at + 27) : null;
      const batch = { firstOffset, timeMs, appendTimeMs: offsetAt(bytes, at + 35), count: bytes.readInt32BE(at + 57) };
      readRecords(compression === 0 ? body : await unpack(compression, body), batch, from, records);
    }
    nextOffset = Math.max(nextOffset, lastOffset + 1);
    at = end;
  }
  return { records, nextOffset };
}

interface BatchHeader {
  readonly firstOffset: number;
  /** Time of the first record; null: all have the time at which the broker took them. */
  readonly timeMs: number | null;
  readonly appendTimeMs: number;
  readonly count: number;
}

function readRecords(body: Buffer, batch: BatchHeader, from: number, into: KafkaRecord[]): void {
  const cursor = new Cursor(body);
  for (let i = 0; i < batch.count; i++) {
    const size = cursor.varint();
    const end = cursor.at + size;
    cursor.at++;
    const timeDelta = cursor.varlong();
    const offset = batch.firstOffset + cursor.varint();
    if (offset >= from) {
      const timeMs = batch.timeMs === null ? batch.appendTimeMs : batch.timeMs + timeDelta;
      into.push({ offset, timeMs, key: cursor.bytes(), value: cursor.bytes(), headers: cursor.headers() });
    }
    cursor.at = end;
  }
}

/** Reads the parts of records one after the other. */
class Cursor {
  readonly #bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Zigzag, seven bits a byte, the lowest first; 32 bits. */
  varint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#bytes[this.at++];
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    return (value >>> 1) ^ -(value & 1);
  }

  /** The same with 64 bits; exact below 2^53. */
  varlong(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.#bytes[this.at++];
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) break;
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  bytes(): Buffer | null {
    const length = this.varint();
    if (length < 0) return null;
    const start = this.at;
    this.at += length;
    return this.#bytes.subarray(start, this.at);
  }

  headers(): KafkaRecord["headers"] {
    const count = this.varint();
    if (count <= 0) return noHeaders;
    return Array.from({ length: count }, () => [this.bytes()?.toString("utf8") ?? "", this.bytes() ?? Buffer.alloc(0)] as const);
  }
}

/** Offsets and times fit into a double. */
function offsetAt(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at) * 0x1_0000_0000 + bytes.readUInt32BE(at + 4);
}

function checkSum(bytes: Buffer, at: number, end: number): void {
  const [said, found] = [bytes.readUInt32BE(at + 17), crc32c(bytes.subarray(at + 21, end))];
  if (said !== found)
    throw new Error(`the record batch at offset ${offsetAt(bytes, at)} is damaged: its checksum is ${said}, that of its bytes ${found}`);
}
