import type { DeadLetter } from "@millrace/engine";
import { hopHeader, hopsOf, mostHops } from "./hop-count.ts";
import type { KafkaRecord, TopicPartition } from "./kafka-driver.ts";
import type { KafkaSourceOptions } from "./kafka-source-options.ts";
import type { ValueFormat } from "./value-format.ts";

/** The longest value; longer ones go to the dead letters. */
const maxValueBytes = 1 << 20;
const deadLetterBytes = 4096;
/** So many headers of a record become part of it; the rest is left out. */
const maxHeaders = 100;
const lineFeed = 0x0a;
const space = 0x20;
const comma = 0x2c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const emptyObject = Buffer.from("{}");

/** Why a record has no line: `skipped` is as it should be. */
type NoLine = { readonly skipped: true } | { readonly skipped: false; readonly reason: string };

/** Lines of the first `count` records, and why the next one has none (null: there is no next). */
export interface WrittenLines {
  readonly bytes: Uint8Array;
  readonly count: number;
  readonly noLine: NoLine | null;
}

const skipped: NoLine = { skipped: true };

/**
 * Makes JSON lines of records: the value's own text, and behind its members the wanted details of the record, so that
 * no value can pretend to them. The bytes live until the next call.
 */
export class RecordLines {
  readonly #details: KafkaSourceOptions["details"];
  readonly #format: ValueFormat;
  readonly #hasDetails: boolean;
  readonly #tombstones: KafkaSourceOptions["tombstones"];
  #bytes = Buffer.alloc(1 << 18);
  #at = 0;

  constructor({ details, tombstones }: Pick<KafkaSourceOptions, "details" | "tombstones">, format: ValueFormat) {
    this.#details = details;
    this.#format = format;
    this.#tombstones = tombstones;
    this.#hasDetails = Object.values(details).some((name) => name !== null);
  }

  write(place: TopicPartition, records: readonly KafkaRecord[]): WrittenLines {
    this.#at = 0;
    for (let count = 0; count < records.length; count++) {
      const noLine = this.#writeRecord(place, records[count]);
      if (noLine !== null) return { bytes: this.#bytes.subarray(0, this.#at), count, noLine };
    }
    return { bytes: this.#bytes.subarray(0, this.#at), count: records.length, noLine: null };
  }

  #writeRecord(place: TopicPartition, record: KafkaRecord): NoLine | null {
    const { value } = record;
    if (hopsOf(record) >= mostHops) return refused(goesRound);
    if (value === null && this.#tombstones === "skip") return skipped;
    if (value === null && this.#tombstones === "dead-letter") return refused("it has no value (a tombstone)");
    if (value !== null && value.length > maxValueBytes)
      return refused(`TOO_LARGE: it has ${value.length} bytes; the limit is ${maxValueBytes} bytes`);
    const json = value === null ? emptyObject : this.#format.json(value);
    if (!(json instanceof Uint8Array)) return refused(json.reason);
    const start = this.#at;
    this.#put(json);
    while (this.#at > start && this.#bytes[this.#at - 1] <= space) this.#at--;
    if (this.#at === start) return refused("its value is empty");
    this.#clearLineFeeds(start);
    if (this.#hasDetails && this.#bytes[this.#at - 1] === closeBrace) this.#putDetails(place, record);
    this.#putByte(lineFeed);
    return null;
  }

  /** Between two members a line feed is white space; inside a text it would be wrong anyway. */
  #clearLineFeeds(start: number): void {
    const written = this.#bytes.subarray(start, this.#at);
    for (let at = written.indexOf(lineFeed); at >= 0; at = written.indexOf(lineFeed, at + 1)) written[at] = space;
  }

  #putDetails(place: TopicPartition, record: KafkaRecord): void {
    let last = this.#at - 2;
    while (last >= 0 && this.#bytes[last] <= space) last--;
    this.#at--;
    if (this.#bytes[last] !== openBrace) this.#putByte(comma);
    this.#put(Buffer.from(`${detailMembers(this.#details, place, record)}}`));
  }

  #put(bytes: Uint8Array): void {
    if (this.#at + bytes.length + 2 > this.#bytes.length) {
      const larger = Buffer.alloc(Math.max(this.#at + bytes.length + 2, this.#bytes.length * 2));
      this.#bytes.copy(larger, 0, 0, this.#at);
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  #putByte(byte: number): void {
    // `put` leaves room for two.
    this.#bytes[this.#at++] = byte;
  }
}

const goesRound = `LOOP: it has come through ${mostHops} pipelines or more: pipelines feed each other over their topics. Stop one of them, or write to another topic`;

function refused(reason: string): NoLine {
  return { skipped: false, reason };
}

/** A record that cannot be used, with its place. */
export function recordLetter({ topic, partition }: TopicPartition, { offset, value }: KafkaRecord, reason: string): DeadLetter {
  const raw = value === null ? "" : new TextDecoder().decode(value.subarray(0, deadLetterBytes));
  return { position: `${topic}/${partition} offset ${offset}`, reason, raw };
}

function detailMembers(details: KafkaSourceOptions["details"], { topic, partition }: TopicPartition, record: KafkaRecord): string {
  const members: string[] = [];
  const add = (name: string | null, value: () => unknown): void => {
    if (name !== null) members.push(`${JSON.stringify(name)}:${JSON.stringify(value())}`);
  };
  add(details.key, () => (record.key === null ? null : textOf(record.key)));
  add(details.time, () => record.timeMs);
  const headers = record.headers.filter(([name]) => name !== hopHeader);
  add(details.headers, () => Object.fromEntries(headers.slice(0, maxHeaders).map(([name, value]) => [name, textOf(value)])));
  add(details.topic, () => topic);
  add(details.partition, () => partition);
  add(details.offset, () => record.offset);
  return members.join(",");
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
}
