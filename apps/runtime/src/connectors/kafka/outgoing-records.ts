import type { DeadLetter } from "@millrace/engine";
import type { OutgoingRecord } from "./kafka-driver.ts";
import type { KafkaSinkOptions } from "./kafka-sink-options.ts";

/** The longest record that brokers take as they come, with room for its envelope. */
const maxRecordBytes = 1_000_000;
/** Above it, and out of sight: the least that a record needs besides its bytes. */
const perHeaderBytes = 8;

/** Which options decide what a record becomes. */
export type OutgoingOptions = Pick<
  KafkaSinkOptions,
  "topic" | "keyMember" | "partitionMember" | "headerMembers" | "tombstoneMember" | "upsert"
>;

/** Records to write, and those that no broker would take. */
export interface Outgoing {
  readonly records: readonly OutgoingRecord[];
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

/** Makes records of Kafka from the engine's JSON lines. */
export function outgoingRecords(lines: readonly Uint8Array[], options: OutgoingOptions, place: OutgoingPlace): Outgoing {
  const { position, stamp } = place;
  const records: OutgoingRecord[] = [];
  const letters: DeadLetter[] = [];
  const { topic, keyMember, partitionMember, headerMembers, tombstoneMember, upsert } = options;
  const hasHeaders = Object.keys(headerMembers).length > 0;
  const plain = keyMember === null && partitionMember === null && !hasHeaders && tombstoneMember === null && !upsert;
  for (const line of lines) {
    const made = plain ? { topic, partition: null, key: null, headers: stamp, value: line } : madeOf(line, options, place, hasHeaders);
    if (made === null) continue;
    const reason = typeof made === "string" ? made : tooLarge(made);
    if (typeof made !== "string" && reason === null) records.push(made);
    else letters.push({ position, reason: reason ?? "", raw: new TextDecoder().decode(line.subarray(0, 4096)) });
  }
  return { records, letters };
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
  let size = (value?.length ?? 0) + (key?.length ?? 0);
  for (const [name, text] of Object.entries(headers)) size += Buffer.byteLength(name) + Buffer.byteLength(text) + perHeaderBytes;
  return size <= maxRecordBytes ? null : `TOO_LARGE: the record has ${size} bytes; the limit is ${maxRecordBytes} bytes`;
}

function bytesOf(value: unknown): Uint8Array | null {
  return value === null || value === undefined ? null : Buffer.from(textOf(value));
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
