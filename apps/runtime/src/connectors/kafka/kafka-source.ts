import type { JsonValue, SourceChunk, SourceConnector, SourceContext, SourceReader } from "@millrace/engine";
import type { ConnectorHost } from "../connector-host.ts";
import { emptyBatch } from "../empty-batch.ts";
import { FetchAhead } from "./fetch-ahead.ts";
import { type HopCount, hopCountOf, hopsOf } from "./hop-count.ts";
import type { KafkaDriver } from "./kafka-driver.ts";
import { readKafkaPosition } from "./kafka-position.ts";
import { type KafkaSourceOptions, readSourceOptions } from "./kafka-source-options.ts";
import { type OpenDriver, openKafkajs } from "./open-driver.ts";
import { RecordLines, recordLetter } from "./record-lines.ts";
import type { SourceSplit } from "./source-split.ts";
import { SourceSplits } from "./source-splits.ts";
import { openValueFormat, type ValueFormat } from "./value-format.ts";

const recordsPerChunk = 1024;
const idlePollMs = 100;
const discoverEveryMs = 30_000;
const publishEveryMs = 5000;
const sampleRecords = 50;

/**
 * Reads topics. Partitions are source splits with a watermark each; positions live in the checkpoint alone (what is
 * published under the group `millrace-<pipeline>` is for tools that show lag). New partitions, and new topics of a
 * pattern, are found while running and read from their start. While the pipeline is held back nothing more is fetched.
 */
export function createKafkaSource(host: ConnectorHost, open: OpenDriver = openKafkajs): SourceConnector {
  return {
    async open(context) {
      const options = readSourceOptions(context.options);
      const format = openValueFormat(options, host, context.clock);
      const source = new KafkaSourceReader(open(host, options.connection), context, options, format, hopCountOf(host, context.clock));
      context.signal.addEventListener("abort", () => void source.close(), { once: true });
      try {
        await source.start();
        return source;
      } catch (cause) {
        await source.close();
        throw cause;
      }
    },
    // A pipeline's own positions play no part, and what is there already is enough.
    sampleOptions: (options) => ({ ...options, start: { newest: sampleRecords }, until: "latest" }),
  };
}

class KafkaSourceReader implements SourceReader {
  readonly #driver: KafkaDriver;
  readonly #context: SourceContext;
  readonly #options: KafkaSourceOptions;
  readonly #format: ValueFormat;
  readonly #splits: SourceSplits;
  readonly #ahead: FetchAhead;
  readonly #lines: RecordLines;
  readonly #hops: HopCount;
  #discoverAt = 0;
  #publishAt = 0;
  #closed = false;

  constructor(driver: KafkaDriver, context: SourceContext, options: KafkaSourceOptions, format: ValueFormat, hops: HopCount) {
    this.#driver = driver;
    this.#context = context;
    this.#options = options;
    this.#format = format;
    this.#splits = new SourceSplits(driver, options);
    this.#ahead = new FetchAhead(driver, options.readCommitted, this.#splits, context.clock);
    this.#lines = new RecordLines(options, format);
    this.#hops = hops;
  }

  async start(): Promise<void> {
    await this.#splits.begin(readKafkaPosition(this.#context.position));
    await this.#ahead.open();
    this.#discoverAt = this.#context.clock.monotonic() + discoverEveryMs;
  }

  async poll(): Promise<SourceChunk> {
    if (this.#closed) return { kind: "idle" };
    if (this.#ahead.failure !== null) throw this.#ahead.failure;
    const now = this.#context.clock.monotonic();
    if (now >= this.#discoverAt) await this.#discover();
    if (now >= this.#publishAt) this.#publish();
    const found = this.#splits.oldest();
    if (found !== null) {
      void this.#ahead.go();
      return await this.#take(found);
    }
    if (this.#splits.isDone) return { kind: "end" };
    const wait = new AbortController();
    await Promise.race([this.#ahead.go(), this.#context.clock.sleep(idlePollMs, wait.signal)]);
    wait.abort();
    const next = this.#splits.oldest();
    if (next === null) return { kind: "idle" };
    void this.#ahead.go();
    return await this.#take(next);
  }

  position(): JsonValue {
    return this.#splits.position();
  }

  splits(): readonly string[] {
    return this.#splits.names;
  }

  ended(): readonly string[] {
    return this.#splits.ended;
  }

  pause(splits: ReadonlySet<string>): void {
    this.#splits.pause(splits);
  }

  gauges(): Readonly<Record<string, number>> {
    return { lag: this.#splits.lag };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#format.close();
    await this.#ahead.close();
    await this.#driver.close();
  }

  async #discover(): Promise<void> {
    this.#discoverAt = this.#context.clock.monotonic() + discoverEveryMs;
    // What goes wrong here goes wrong with the next fetch too, which says so.
    const found = await this.#splits.discover().catch(() => false);
    if (found) this.#ahead.reassign();
  }

  /** The next records of a split up to the first that cannot be used; that one alone when it is the first. */
  async #take(split: SourceSplit): Promise<SourceChunk> {
    const records = split.run(recordsPerChunk);
    await this.#format.prepare(records);
    const { bytes, count, noLine } = this.#lines.write(split, records);
    if (count === 0) {
      const isSkipped = noLine?.skipped === true;
      // Those behind it that are skipped too go with it.
      const end = isSkipped ? records.findIndex(({ value }) => value !== null) : 1;
      split.take(end < 0 ? records.length : end);
      const deadLetters = noLine === null || noLine.skipped ? [] : [recordLetter(split, records[0], noLine.reason)];
      return { kind: "batch", split: split.name, batch: emptyBatch(this.#context.fields), deadLetters };
    }
    let hops = 0;
    for (let i = 0; i < count; i++) hops = Math.max(hops, hopsOf(records[i]));
    this.#hops.note(hops);
    split.take(count);
    return { kind: "bytes", split: split.name, bytes, firstLine: records[0].offset, lineName: `${split.name} offset` };
  }

  /** Best effort: nothing depends on it. */
  #publish(): void {
    const { pipelineId, clock } = this.#context;
    this.#publishAt = clock.monotonic() + publishEveryMs;
    if (pipelineId === undefined || this.#options.until === "latest") return;
    const positions = [...this.#splits.all].map(({ topic, partition, offset }) => ({ topic, partition, offset }));
    this.#driver.publishOffsets(`millrace-${pipelineId}`, positions).catch(() => {});
  }
}
