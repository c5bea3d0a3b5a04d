import {
  ConnectorError,
  type JsonValue,
  type SourceChunk,
  type SourceConnector,
  type SourceContext,
  type SourceReader,
} from "@millrace/engine";
import type { ConnectorHost } from "../connector-host.ts";
import { emptyBatch } from "../empty-batch.ts";
import { readKafkaConnection } from "./kafka-connection.ts";
import type { FetchedRecords, KafkaDriver, KafkaReader, KafkaRecord, TopicPartition } from "./kafka-driver.ts";
import { type KafkaPosition, offsetIn, parseKafkaPosition } from "./kafka-position.ts";
import { type KafkaSourceOptions, matchingTopics, readSourceOptions } from "./kafka-source-options.ts";
import { createKafkajsDriver } from "./kafkajs-driver.ts";
import { recordLetter, recordLine } from "./record-lines.ts";

const recordsPerChunk = 1024;
const idlePollMs = 100;
const fetchWaitMs = 250;
const discoverEveryMs = 30_000;
const publishEveryMs = 5000;

/** Opens the driver of a connection by its name; a test may give another. */
export type OpenDriver = (host: ConnectorHost, connection: string) => KafkaDriver;

const openKafkajs: OpenDriver = (host, connection) => createKafkajsDriver(readKafkaConnection(host, connection), host.egress);

/**
 * Reads topics. Partitions are source splits with a watermark each; positions live in the checkpoint alone (what is
 * published under the group `millrace-<pipeline>` is for tools that show lag). New partitions, and new topics of a
 * pattern, are found while running and read from their start. While the pipeline is busy nothing more is fetched.
 */
export function createKafkaSource(host: ConnectorHost, open: OpenDriver = openKafkajs): SourceConnector {
  return {
    async open(context) {
      const options = readSourceOptions(context.options);
      const driver = open(host, options.connection);
      const source = new KafkaSourceReader(driver, context, options);
      context.signal.addEventListener("abort", () => void source.close(), { once: true });
      try {
        await source.start();
        return source;
      } catch (cause) {
        await source.close();
        throw cause;
      }
    },
  };
}

/** A partition that is read. */
interface Split extends TopicPartition {
  /** Next record to hand out. */
  offset: number;
  /** Where a bounded source ends; null = never. */
  readonly end: number | null;
  /** Newest end of the partition that a fetch has told. */
  endOffset: number;
  /** Fetched and not handed out. */
  readonly fetched: FetchedRecords[];
  /** Place in the first of them. */
  at: number;
}

class KafkaSourceReader implements SourceReader {
  readonly #driver: KafkaDriver;
  readonly #context: SourceContext;
  readonly #options: KafkaSourceOptions;
  readonly #splits = new Map<string, Split>();
  #reader: KafkaReader | null = null;
  #ahead: Promise<void> | null = null;
  #failure: unknown = null;
  #discoverAt = 0;
  #publishAt = 0;
  #closed = false;

  constructor(driver: KafkaDriver, context: SourceContext, options: KafkaSourceOptions) {
    this.#driver = driver;
    this.#context = context;
    this.#options = options;
  }

  async start(): Promise<void> {
    const { position } = this.#context;
    const restored = position === null ? null : parseKafkaPosition(position);
    if (position !== null && restored === null) {
      throw new ConnectorError("KAFKA_POSITION_INVALID", "The checkpoint's position is not one of Kafka.", { retryable: false });
    }
    const topics = await this.#topics();
    if (topics.length === 0) throw this.#missing();
    for (const topic of topics) await this.#addTopic(topic, restored, true);
    this.#reader = await this.#driver.openReader({ readCommitted: this.#options.readCommitted });
    this.#assign();
    this.#discoverAt = this.#context.clock.monotonic() + discoverEveryMs;
  }

  async poll(): Promise<SourceChunk> {
    if (this.#failure !== null) throw this.#failure;
    if (this.#closed) return { kind: "idle" };
    const now = this.#context.clock.monotonic();
    if (now >= this.#discoverAt) await this.#discover();
    if (now >= this.#publishAt) this.#publish();
    const next = this.#oldest();
    if (next !== null) {
      // The next fetch is under way while this is worked on, but never more than one.
      if (next.fetched.length <= 1) this.#fetch();
      return this.#take(next);
    }
    if (this.#allEnded()) return { kind: "end" };
    this.#fetch();
    const wait = new AbortController();
    await Promise.race([this.#ahead, this.#context.clock.sleep(idlePollMs, wait.signal)]);
    wait.abort();
    const found = this.#oldest();
    return found === null ? { kind: "idle" } : this.#take(found);
  }

  position(): JsonValue {
    const topics: Record<string, Record<string, number>> = {};
    const ends: Record<string, Record<string, number>> = {};
    for (const { topic, partition, offset, end } of this.#splits.values()) {
      topics[topic] = { ...topics[topic], [partition]: offset };
      if (end !== null) ends[topic] = { ...ends[topic], [partition]: end };
    }
    return this.#options.until === "latest" ? { topics, ends } : { topics };
  }

  splits(): readonly string[] {
    return [...this.#splits.keys()];
  }

  gauges(): Readonly<Record<string, number>> {
    let lag = 0;
    for (const { offset, endOffset } of this.#splits.values()) lag += Math.max(0, endOffset - offset);
    return { lag };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#reader?.close();
    await this.#driver.close();
  }

  async #topics(): Promise<readonly string[]> {
    const { topics } = this.#options;
    return matchingTopics(topics, await this.#driver.listTopics());
  }

  /** `first`: as the start says; otherwise what appeared while running, from its beginning. */
  async #addTopic(
    topic: string,
    restored: { readonly topics: KafkaPosition; readonly ends: KafkaPosition | null } | null,
    first: boolean,
  ): Promise<void> {
    const { start, until } = this.#options;
    const partitions = (await this.#driver.partitions(topic)).filter((partition) => !this.#splits.has(`${topic}/${partition}`));
    if (partitions.length === 0) return;
    // A partition that the checkpoint does not know was made after it.
    const isNew = !first || (restored !== null && Object.hasOwn(restored.topics, topic));
    const starts = await this.#driver.offsets(topic, isNew ? "earliest" : start);
    const latest = await this.#driver.offsets(topic, "latest");
    for (const partition of partitions) {
      const known = restored === null ? undefined : offsetIn(restored.topics, topic, partition);
      const endOffset = latest.get(partition) ?? 0;
      const end = until === "never" ? null : (offsetIn(restored?.ends ?? null, topic, partition) ?? endOffset);
      const offset = known ?? starts.get(partition) ?? 0;
      this.#splits.set(`${topic}/${partition}`, { topic, partition, offset, end, endOffset, fetched: [], at: 0 });
    }
  }

  async #discover(): Promise<void> {
    this.#discoverAt = this.#context.clock.monotonic() + discoverEveryMs;
    if (this.#options.until === "latest") return;
    const before = this.#splits.size;
    // What goes wrong here goes wrong with the next fetch too, which says so.
    const topics = await this.#topics().catch(() => []);
    for (const topic of topics) await this.#addTopic(topic, null, false).catch(() => {});
    if (this.#splits.size === before) return;
    await this.#ahead;
    this.#assign();
  }

  /** Tells the reader where to go on: behind what was fetched already. */
  #assign(): void {
    const wanted = [...this.#splits.values()].filter(({ offset, end }) => end === null || offset < end);
    this.#reader?.assign(
      wanted.map(({ topic, partition, offset, fetched }) => ({ topic, partition, offset: fetched.at(-1)?.nextOffset ?? offset })),
    );
  }

  #fetch(): void {
    if (this.#ahead !== null || this.#reader === null) return;
    this.#ahead = this.#reader
      .fetch(fetchWaitMs)
      .then((fetched) => {
        for (const records of fetched) this.#keep(records);
      })
      .catch((cause: unknown) => {
        if (!this.#closed) this.#failure ??= cause;
      })
      .finally(() => {
        this.#ahead = null;
      });
  }

  #keep(fetched: FetchedRecords): void {
    const split = this.#splits.get(`${fetched.topic}/${fetched.partition}`);
    if (split === undefined) return;
    split.endOffset = fetched.endOffset;
    if (fetched.records.length > 0) split.fetched.push(fetched);
    else if (split.fetched.length === 0) split.offset = fetched.nextOffset;
  }

  /** The split whose next record is oldest by its own time. */
  #oldest(): Split | null {
    let oldest: Split | null = null;
    let timeMs = Number.POSITIVE_INFINITY;
    for (const split of this.#splits.values()) {
      const record = split.fetched.at(0)?.records.at(split.at);
      if (record === undefined || (split.end !== null && record.offset >= split.end) || record.timeMs >= timeMs) continue;
      oldest = split;
      timeMs = record.timeMs;
    }
    return oldest;
  }

  #allEnded(): boolean {
    if (this.#options.until === "never") return false;
    for (const { offset, end, fetched, at } of this.#splits.values()) {
      const next = fetched.at(0)?.records.at(at)?.offset ?? offset;
      if (end !== null && next < end) return false;
    }
    return true;
  }

  /** The next records of a split, as far as their offsets have no gap: then dead letters can name them by counting. */
  #take(split: Split): SourceChunk {
    const { records, nextOffset } = split.fetched[0];
    const name = `${split.topic}/${split.partition}`;
    const lines: Uint8Array[] = [];
    const firstOffset = records[split.at].offset;
    let bytes = 0;
    let letter: SourceChunk | null = null;
    while (split.at < records.length && lines.length < recordsPerChunk) {
      const record: KafkaRecord = records[split.at];
      if (record.offset !== firstOffset + lines.length || (split.end !== null && record.offset >= split.end)) break;
      const line = recordLine(this.#options, split, record);
      if (!line.ok) {
        if (lines.length > 0) break;
        split.at++;
        letter = {
          kind: "batch",
          split: name,
          batch: emptyBatch(this.#context.fields),
          deadLetters: [recordLetter(split, record, line.reason)],
        };
        break;
      }
      lines.push(line.line);
      bytes += line.line.length + 1;
      split.at++;
    }
    split.offset = records[split.at - 1].offset + 1;
    if (split.at === records.length) {
      split.fetched.shift();
      split.at = 0;
      split.offset = nextOffset;
    }
    return letter ?? { kind: "bytes", split: name, bytes: joined(lines, bytes), firstLine: firstOffset, lineName: `${name} offset` };
  }

  /** Best effort: nothing depends on it. */
  #publish(): void {
    const { pipelineId, clock } = this.#context;
    this.#publishAt = clock.monotonic() + publishEveryMs;
    if (pipelineId === undefined || this.#options.until === "latest") return;
    const positions = [...this.#splits.values()].map(({ topic, partition, offset }) => ({ topic, partition, offset }));
    this.#driver.publishOffsets(`millrace-${pipelineId}`, positions).catch(() => {});
  }

  #missing(): ConnectorError {
    const { topics, connection } = this.#options;
    const what = `Kafka at "${connection}" has no topic ${topics.join(", ")}.`;
    return new ConnectorError("TOPIC_MISSING", `${what} Create it, or check the name; it is looked for again.`, { retryable: true });
  }
}

function joined(lines: readonly Uint8Array[], bytes: number): Uint8Array {
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const line of lines) {
    whole.set(line, at);
    at += line.length;
    whole[at++] = 0x0a;
  }
  return whole;
}
