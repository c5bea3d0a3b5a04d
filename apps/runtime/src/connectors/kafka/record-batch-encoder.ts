import { crc32c } from "@node-rs/crc32";
import type { OutgoingRecord } from "./kafka-driver.ts";

/** Who writes a batch, as an idempotent producer. */
export interface BatchOrigin {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  /** Number of the batch's first record among all that this producer has written to the partition. */
  readonly firstSequence: number;
  readonly transactional: boolean;
  /** Time of all records, ms. */
  readonly timeMs: number;
}

/** How records are packed: the number that Kafka gives it, and how. */
export interface Packing {
  readonly attribute: number;
  pack(bytes: Buffer): Promise<Buffer>;
}

const headerBytes = 61;
const transactionalFlag = 0x10;
/** More than a record needs beside its bytes: its length, its place and the lengths of key and value. */
const envelopeBytes = 32;

/**
 * The record batch (format 2, Kafka 0.11 and later) of records for one partition; the broker fills in the offset.
 * Source: "Record Batch" in Kafka's documentation of its message format.
 */
export async function encodeRecordBatch(records: readonly OutgoingRecord[], origin: BatchOrigin, packing: Packing | null): Promise<Buffer> {
  const written = writeRecords(records);
  if (packing === null) return finished(written, records.length, 0, origin);
  const packed = await packing.pack(written.subarray(headerBytes));
  const batch = Buffer.allocUnsafe(headerBytes + packed.length);
  packed.copy(batch, headerBytes);
  return finished(batch, records.length, packing.attribute, origin);
}

function finished(batch: Buffer, count: number, attribute: number, origin: BatchOrigin): Buffer {
  const time = BigInt(origin.timeMs);
  batch.writeBigInt64BE(0n, 0);
  batch.writeInt32BE(batch.length - 12, 8);
  batch.writeInt32BE(-1, 12);
  batch.writeInt8(2, 16);
  batch.writeInt16BE(attribute | (origin.transactional ? transactionalFlag : 0), 21);
  batch.writeInt32BE(count - 1, 23);
  batch.writeBigInt64BE(time, 27);
  batch.writeBigInt64BE(time, 35);
  batch.writeBigInt64BE(origin.producerId, 43);
  batch.writeInt16BE(origin.producerEpoch, 51);
  batch.writeInt32BE(origin.firstSequence, 53);
  batch.writeInt32BE(count, 57);
  batch.writeUInt32BE(crc32c(batch.subarray(21)), 17);
  return batch;
}

/** The records behind room for the batch's header. */
function writeRecords(records: readonly OutgoingRecord[]): Buffer {
  let most = headerBytes;
  for (const { key, value, headers } of records) {
    most += envelopeBytes + (key?.length ?? 0) + (value?.length ?? 0);
    for (const name in headers) most += mostHeaderBytes(name, headers[name]);
  }
  const bytes = Buffer.allocUnsafe(most);
  let at = headerBytes;
  // Most records share their headers: these are encoded once.
  let shared: OutgoingRecord["headers"] | null = null;
  let encoded = Buffer.alloc(0);
  for (let index = 0; index < records.length; index++) {
    const { headers } = records[index];
    if (headers !== shared) {
      shared = headers;
      encoded = encodeHeaders(headers);
    }
    at = writeRecord(bytes, at, records[index], index, encoded);
  }
  return bytes.subarray(0, at);
}

function encodeHeaders(headers: OutgoingRecord["headers"]): Buffer<ArrayBuffer> {
  const entries = Object.entries(headers);
  const most = entries.reduce((sum, [name, text]) => sum + mostHeaderBytes(name, text), 5);
  const bytes = Buffer.alloc(most);
  let at = writeVarint(bytes, 0, entries.length);
  for (const [name, text] of entries) at = writeText(bytes, writeText(bytes, at, name), text);
  return bytes.subarray(0, at);
}

/** A code unit has at most three bytes in UTF-8. */
function mostHeaderBytes(name: string, text: string): number {
  return 2 * 5 + 3 * (name.length + text.length);
}

function writeRecord(bytes: Buffer, start: number, { key, value }: OutgoingRecord, index: number, headers: Buffer): number {
  // Attributes and the difference in time take a byte each.
  const size = 2 + sizeOfVarint(index) + sizeOfBytes(key) + sizeOfBytes(value) + headers.length;
  let at = writeVarint(bytes, start, size);
  bytes[at++] = 0;
  bytes[at++] = 0;
  at = writeVarint(bytes, at, index);
  at = writeBytes(bytes, at, key);
  at = writeBytes(bytes, at, value);
  bytes.set(headers, at);
  return at + headers.length;
}

function writeBytes(into: Buffer, at: number, bytes: Uint8Array | null): number {
  if (bytes === null) return writeVarint(into, at, -1);
  const start = writeVarint(into, at, bytes.length);
  into.set(bytes, start);
  return start + bytes.length;
}

function writeText(into: Buffer, at: number, text: string): number {
  const start = writeVarint(into, at, Buffer.byteLength(text));
  return start + into.write(text, start);
}

function sizeOfBytes(bytes: Uint8Array | null): number {
  return bytes === null ? 1 : sizeOfVarint(bytes.length) + bytes.length;
}

/** Of a number from 0 on, below 2^30. */
function sizeOfVarint(value: number): number {
  const zigzag = value * 2;
  return zigzag < 0x80 ? 1 : zigzag < 0x4000 ? 2 : zigzag < 0x200000 ? 3 : zigzag < 0x10000000 ? 4 : 5;
}

/** Zigzag, then seven bits a byte, the lowest first. */
function writeVarint(into: Buffer, at: number, value: number): number {
  let left = (value << 1) ^ (value >> 31);
  let to = at;
  while ((left & ~0x7f) !== 0) {
    into[to++] = (left & 0x7f) | 0x80;
    left >>>= 7;
  }
  into[to++] = left;
  return to;
}
