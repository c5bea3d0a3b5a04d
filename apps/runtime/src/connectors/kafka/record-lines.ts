import type { DeadLetter } from "@millrace/engine";
import type { KafkaRecord, TopicPartition } from "./kafka-driver.ts";
import type { KafkaSourceOptions } from "./kafka-source-options.ts";

/** The longest value; longer ones go to the dead letters. */
const maxValueBytes = 1 << 20;
const deadLetterBytes = 4096;
/** Names of headers, and the bytes of all of them, that a record may have before the rest is left out. */
const maxHeaders = 100;
const lineFeed = 0x0a;
const space = 0x20;
const openBrace = 0x7b;

/** A record as a JSON line, or why it has none. */
export type RecordLine = { readonly ok: true; readonly line: Uint8Array } | { readonly ok: false; readonly reason: string };

/** Makes JSON lines of records: the value's own text, with the wanted details of the record before its members. */
export function recordLine(
  { format, details }: Pick<KafkaSourceOptions, "format" | "details">,
  place: TopicPartition,
  record: KafkaRecord,
): RecordLine {
  const { value } = record;
  if (value === null) return { ok: false, reason: "it has no value (a tombstone)" };
  if (value.length > maxValueBytes) {
    return { ok: false, reason: `TOO_LARGE: it has ${value.length} bytes; the limit is ${maxValueBytes} bytes` };
  }
  const before = detailMembers(details, place, record);
  if (format !== "json") {
    const text = Buffer.from(value.buffer, value.byteOffset, value.length).toString(format === "text" ? "utf8" : "base64");
    return { ok: true, line: Buffer.from(`{${[...before, `"value":${JSON.stringify(text)}`].join(",")}}`) };
  }
  const start = value.findIndex((byte) => byte > space);
  if (start < 0) return { ok: false, reason: "its value is empty" };
  // Between two members a line feed is white space; inside a text it would be wrong anyway.
  const oneLine = value.includes(lineFeed) ? value.map((byte) => (byte === lineFeed ? space : byte)) : value;
  if (before.length === 0 || value[start] !== openBrace) return { ok: true, line: oneLine };
  const rest = oneLine.subarray(start + 1);
  const comma = isEmptyObject(rest) ? "" : ",";
  return { ok: true, line: Buffer.concat([Buffer.from(`{${before.join(",")}${comma}`), rest]) };
}

/** A record that cannot be used, with its place. */
export function recordLetter({ topic, partition }: TopicPartition, { offset, value }: KafkaRecord, reason: string): DeadLetter {
  const raw = value === null ? "" : new TextDecoder().decode(value.subarray(0, deadLetterBytes));
  return { position: `${topic}/${partition} offset ${offset}`, reason, raw };
}

function detailMembers(details: KafkaSourceOptions["details"], { topic, partition }: TopicPartition, record: KafkaRecord): string[] {
  const members: string[] = [];
  const add = (name: string | null, value: () => unknown): void => {
    if (name !== null) members.push(`${JSON.stringify(name)}:${JSON.stringify(value())}`);
  };
  add(details.key, () => (record.key === null ? null : textOf(record.key)));
  add(details.time, () => record.timeMs);
  add(details.headers, () => Object.fromEntries(record.headers.slice(0, maxHeaders).map(([name, value]) => [name, textOf(value)])));
  add(details.topic, () => topic);
  add(details.partition, () => partition);
  add(details.offset, () => record.offset);
  return members;
}

function isEmptyObject(rest: Uint8Array): boolean {
  const first = rest.find((byte) => byte > space);
  return first === undefined || first === 0x7d;
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
}
