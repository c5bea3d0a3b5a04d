import type { DeadLetter } from "@millrace/engine";
import { splitRecords } from "../split-records.ts";
import type { Outgoing, OutgoingRecord } from "./kafka-driver.ts";
import type { KafkaSinkOptions } from "./kafka-sink-options.ts";

/** The longest record that brokers take as they come, with room for its envelope. */
const maxRecordBytes = 1_000_000;
/** Above it, and out of sight: the least that a record needs besides its bytes. */
const perHeaderBytes = 8;
const lineFeed = 0x0a;

/** Which options decide what a record becomes. */
export type OutgoingOptions = Pick<
  KafkaSinkOptions,
  "topic" | "keyMember" | "partitionMember" | "headerMembers" | "tombstoneMember" | "upsert"
>;

/** Records to write, and those that no broker would take. */
export interface Prepared {
  readonly records: readonly Outgoing[];
  readonly letters: readonly DeadLetter[];
}

/** What is the same for all records of a write. */
export interface OutgoingPlace {
  /** How many the topic has. */
  readonly partitions: number;
  /** Where the records stand, for dead letters. */
  readonly position: string;
  /** Headers that every record gets. */
  readonly stamp: Readonly<Record<string, string>>;
}

/** Makes records of Kafka from the engine's JSON lines. The records share memory with them. */
export function prepareRecords(pieces: readonly Uint8Array[], options: OutgoingOptions, place: OutgoingPlace): Prepared {
  const records: Outgoing[] = [];
  const letters: DeadLetter[] = [];
  const { topic, keyMember, partitionMember, headerMembers, tombstoneMember, upsert } = options;
  const hasHeaders = Object.keys(headerMembers).length > 0;
  const plain = keyMember === null && partitionMember === null && !hasHeaders && tombstoneMember === null && !upsert;
  for (const bytes of pieces) {
    const ends = plain ? lineEnds(bytes, maxRecordBytes - headerSize(place.stamp)) : null;
    if (ends !== null) records.push({ topic, headers: place.stamp, bytes, ends });
    else prepareEach(splitRecords(bytes, Number.POSITIVE_INFINITY), options, place, { records, letters, hasHeaders, plain });
  }
  return { records, letters };
}

/** One by one, for writers that take them so. They share memory. */
export function eachRecord(records: readonly Outgoing[]): OutgoingRecord[] {
  return records.flatMap((record) => {
    if (!("ends" in record)) return [record];
    const { topic, headers, bytes, ends } = record;
    const valueAt = (i: number): Uint8Array => bytes.subarray(i === 0 ? 0 : ends[i - 1] + 1, ends[i]);
    return Array.from(ends, (_, i) => ({ topic, partition: null, key: null, headers, value: valueAt(i) }));
  });
}

interface Preparing {
  readonly records: Outgoing[];
  readonly letters: DeadLetter[];
  readonly hasHeaders: boolean;
  readonly plain: boolean;
}

function prepareEach(
  lines: readonly Uint8Array[],
  options: OutgoingOptions,
  place: OutgoingPlace,
  { records, letters, hasHeaders, plain }: Preparing,
): void {
  const { topic } = options;
  const { position, stamp } = place;
  for (const line of lines) {
    const made = plain ? { topic, partition: null, key: null, headers: stamp, value: line } : madeOf(line, options, place, hasHeaders);
    if (made === null) continue;
    const reason = typeof made === "string" ? made : tooLarge(made);
    if (typeof made !== "string" && reason === null) records.push(made);
    else letters.push({ position, reason: reason ?? "", raw: new TextDecoder().decode(line.subarray(0, 4096)) });
  }
}

/** Where the line feeds are; null where a line is longer than `most`. */
function lineEnds(bytes: Uint8Array, most: number): Int32Array | null {
  let ends = new Int32Array(Math.max(16, bytes.length >> 6));
  let count = 0;
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(lineFeed, start);
    const end = found < 0 ? bytes.length : found;
    if (end - start > most) return null;
    if (count === ends.length) {
      const more = new Int32Array(count * 2);
      more.set(ends);
      ends = more;
    }
    ends[count++] = end;
    start = end + 1;
  }
  return ends.subarray(0, count);
}

/** null: nothing is written for it; a text: why it cannot be written. */
function madeOf(
  line: Uint8Array,
  options: OutgoingOptions,
  { partitions, stamp }: OutgoingPlace,
  hasHeaders: boolean,
): OutgoingRecord | string | null {
  const { topic, keyMember, partitionMember, headerMembers, tombstoneMember, upsert } = options;
  // The engine's own encoder wrote it: always an object.
  const row = JSON.parse(new TextDecoder().decode(line)) as Record<string, unknown>;
  const operation = upsert ? row._op : "+I";
  if (operation === "-U") return null;
  const key = keyMember === null ? null : bytesOf(row[keyMember]);
  const partition = partitionMember === null ? null : partitionOf(row[partitionMember], partitions);
  if (typeof partition === "string") return partition;
  const headers = hasHeaders ? headersOf(row, headerMembers, stamp) : stamp;
  if (operation === "-D" || (tombstoneMember !== null && row[tombstoneMember] === true))
    return { topic, partition, key, headers, value: null };
  const hidden = new Set([keyMember, partitionMember, tombstoneMember, ...Object.values(headerMembers), ...(upsert ? ["_op"] : [])]);
  const value = Object.fromEntries(Object.entries(row).filter(([name]) => !hidden.has(name)));
  return { topic, partition, key, headers, value: Buffer.from(JSON.stringify(value)) };
}

function headersOf(
  row: Readonly<Record<string, unknown>>,
  members: Readonly<Record<string, string>>,
  stamp: OutgoingPlace["stamp"],
): Record<string, string> {
  const headers: Record<string, string> = Object.assign(Object.create(null), stamp);
  for (const [name, member] of Object.entries(members)) {
    const value = row[member];
    if (value !== null && value !== undefined) headers[name] = textOf(value);
  }
  return headers;
}

/** NULL: the key decides. */
function partitionOf(value: unknown, partitions: number): number | string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value < partitions) return value;
  return `PARTITION_UNKNOWN: the topic has the partitions 0 to ${partitions - 1}, the record asks for ${JSON.stringify(value)}`;
}

function tooLarge({ key, value, headers }: OutgoingRecord): string | null {
  const size = (value?.length ?? 0) + (key?.length ?? 0) + headerSize(headers);
  return size <= maxRecordBytes ? null : `TOO_LARGE: the record has ${size} bytes; the limit is ${maxRecordBytes} bytes`;
}

function headerSize(headers: OutgoingRecord["headers"]): number {
  let size = 0;
  for (const [name, text] of Object.entries(headers)) size += Buffer.byteLength(name) + Buffer.byteLength(text) + perHeaderBytes;
  return size;
}

function bytesOf(value: unknown): Uint8Array | null {
  return value === null || value === undefined ? null : Buffer.from(textOf(value));
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
