import type { DeadLetter } from "@millrace/engine";
import type { OutgoingRecord } from "./kafka-driver.ts";

/** The longest record that brokers take as they are set up from the factory, with room for its envelope. */
const maxRecordBytes = 1_000_000;

/** How records of a sink become records of Kafka. */
export interface OutgoingOptions {
  readonly topic: string;
  /** Members that the node puts before the fields: they become the key and headers and leave the value. */
  readonly keyMember: string | null;
  readonly headerMembers: Readonly<Record<string, string>>;
  /** Of rows that are replaced: the newest alone, without `_op`; what is taken back becomes a tombstone. */
  readonly upsert: boolean;
}

/** Records to write, and those that no broker would take. */
export interface Outgoing {
  readonly records: readonly OutgoingRecord[];
  readonly letters: readonly DeadLetter[];
}

/** Makes records of Kafka from the engine's JSON lines. `position` is where they stand, for dead letters. */
export function outgoingRecords(lines: readonly Uint8Array[], options: OutgoingOptions, position: string): Outgoing {
  const records: OutgoingRecord[] = [];
  const letters: DeadLetter[] = [];
  const plain = options.keyMember === null && Object.keys(options.headerMembers).length === 0 && !options.upsert;
  for (const line of lines) {
    const record = plain ? { key: null, headers: {}, value: line } : parts(line, options);
    if (record === null) continue;
    const size = (record.value?.length ?? 0) + (record.key?.length ?? 0);
    if (size > maxRecordBytes) {
      const reason = `TOO_LARGE: the record has ${size} bytes; the limit is ${maxRecordBytes} bytes`;
      letters.push({ position, reason, raw: new TextDecoder().decode(line.subarray(0, 4096)) });
    } else records.push({ topic: options.topic, partition: null, ...record });
  }
  return { records, letters };
}

function parts(
  line: Uint8Array,
  { keyMember, headerMembers, upsert }: OutgoingOptions,
): Pick<OutgoingRecord, "key" | "headers" | "value"> | null {
  // The engine's own encoder wrote it: always an object.
  const row = JSON.parse(new TextDecoder().decode(line)) as Record<string, unknown>;
  const operation = row._op;
  if (upsert && operation === "-U") return null;
  const key = keyMember === null ? null : bytesOf(row[keyMember]);
  const headers: Record<string, string> = {};
  for (const [name, member] of Object.entries(headerMembers)) {
    const value = row[member];
    if (value !== null && value !== undefined) headers[name] = textOf(value);
  }
  const hidden = new Set([keyMember, ...Object.values(headerMembers), ...(upsert ? ["_op"] : [])]);
  if (upsert && operation === "-D") return { key, headers, value: null };
  const value = Object.fromEntries(Object.entries(row).filter(([name]) => !hidden.has(name)));
  return { key, headers, value: Buffer.from(JSON.stringify(value)) };
}

function bytesOf(value: unknown): Uint8Array | null {
  return value === null || value === undefined ? null : Buffer.from(textOf(value));
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
