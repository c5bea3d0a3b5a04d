import { crc32c } from "@node-rs/crc32";
import type { OutgoingLines, OutgoingRecord } from "./kafka-driver.ts";

/** Some of a piece's lines: from one up to another. */
export interface LineRange {
  readonly lines: OutgoingLines;
  readonly from: number;
  readonly to: number;
}

/** What goes into a batch. */
export type Encodable = OutgoingRecord | LineRange;

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
/** The length of a key that is not there, -1, as it is written. */
const nullLength = 1;
/** More than a record needs beside its bytes: its length, its place and the lengths of key and value. */
const envelopeBytes = 32;

/**
 * The record batch (format 2, Kafka 0.11 and later) of records for one partition; the broker fills in the offset.
 * Source: "Record Batch" in Kafka's documentation of its message format.
 */
export async function encodeRecordBatch(records: readonly Encodable[], origin: BatchOrigin, packing: Packing | null): Promise<Buffer> {
  const written = writeRecords(records);
  const count = countRecords(records);
  if (packing === null) return finished(written, count, 0, origin);
  const packed = await packing.pack(written.subarray(headerBytes));
  const batch = Buffer.allocUnsafe(headerBytes + packed.length);
  packed.copy(batch, headerBytes);
  return finished(batch, count, packing.attribute, origin);
}

/** How many records these are. */
export function countRecords(records: readonly Encodable[]): number {
  let count = 0;
  for (const record of records) count += "lines" in record ? record.to - record.from : 1;
  return count;
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
function writeRecords(records: readonly Encodable[]): Buffer {
  let most = headerBytes;
  for (const record of records) most += "lines" in record ? mostLineBytes(record) : mostRecordBytes(record);
  const bytes = Buffer.allocUnsafe(most);
  let at = headerBytes;
  let index = 0;
  // Most records share their headers: these are encoded once.
  let shared: OutgoingRecord["headers"] | null = null;
  let encoded = Buffer.alloc(0);
  for (const record of records) {
    const { headers } = "lines" in record ? record.lines : record;
    if (headers !== shared) {
      shared = headers;
      encoded = encodeHeaders(headers);
    }
    if ("lines" in record) {
      at = writeLines(bytes, at, record, index, encoded);
      index += record.to - record.from;
    } else at = writeRecord(bytes, at, record, index++, encoded);
  }
  return bytes.subarray(0, at);
}

function mostRecordBytes({ key, value, headers }: OutgoingRecord): number {
  return envelopeBytes + (key?.length ?? 0) + (value?.length ?? 0) + mostHeadersBytes(headers);
}

function mostLineBytes({ lines, from, to }: LineRange): number {
  const { headers, ends } = lines;
  return ends[to - 1] - startOf(ends, from) + (to - from) * (envelopeBytes + mostHeadersBytes(headers));
}

function mostHeadersBytes(headers: OutgoingRecord["headers"]): number {
  let most = 0;
  for (const name in headers) most += mostHeaderBytes(name, headers[name]);
  return most;
}

/** Where a line begins. */
function startOf(ends: Int32Array, line: number): number {
  return line === 0 ? 0 : ends[line - 1] + 1;
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

/** Records of a range of lines, the first of which has the number `index` in the batch. */
function writeLines(into: Buffer, start: number, { lines, from, to }: LineRange, index: number, headers: Buffer): number {
  const { ends } = lines;
  const source = Buffer.from(lines.bytes.buffer, lines.bytes.byteOffset, lines.bytes.length);
  // Attributes, the difference in time and the key that is not there take a byte each.
  const fixed = 3 + headers.length;
  let at = start;
  let begin = startOf(ends, from);
  for (let line = from; line < to; line++) {
    const number = index + line - from;
    const end = ends[line];
    const length = end - begin;
    at = writeVarint(into, at, fixed + sizeOfVarint(number) + sizeOfVarint(length) + length);
    into[at++] = 0;
    into[at++] = 0;
    at = writeVarint(into, at, number);
    into[at++] = nullLength;
    at = writeVarint(into, at, length);
    at += source.copy(into, at, begin, end);
    if (headers.length === 1) into[at] = headers[0];
    else into.set(headers, at);
    at += headers.length;
    begin = end + 1;
  }
  return at;
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
