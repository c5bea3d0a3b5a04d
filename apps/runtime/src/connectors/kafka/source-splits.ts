import { ConnectorError, type JsonValue } from "@millrace/engine";
import type { KafkaDriver, StartOffset } from "./kafka-driver.ts";
import { type KafkaPosition, offsetIn } from "./kafka-position.ts";
import { type KafkaSourceOptions, matchingTopics } from "./kafka-source-options.ts";
import { SourceSplit } from "./source-split.ts";

/** The partitions of a source's topics, and where each is. */
export class SourceSplits {
  readonly #driver: KafkaDriver;
  readonly #options: KafkaSourceOptions;
  readonly #splits = new Map<string, SourceSplit>();
  #paused: ReadonlySet<string> = new Set();

  constructor(driver: KafkaDriver, options: KafkaSourceOptions) {
    this.#driver = driver;
    this.#options = options;
  }

  get all(): Iterable<SourceSplit> {
    return this.#splits.values();
  }

  get names(): readonly string[] {
    return [...this.#splits.keys()];
  }

  get lag(): number {
    let lag = 0;
    for (const split of this.#splits.values()) lag += split.lag;
    return lag;
  }

  find(name: string): SourceSplit | undefined {
    return this.#splits.get(name);
  }

  /** Splits of which nothing is left. */
  get ended(): readonly string[] {
    return this.#options.until === "never" ? [] : [...this.#splits.values()].filter(({ isDone }) => isDone).map(({ name }) => name);
  }

  /** Leaves these splits aside, and no others. */
  pause(splits: ReadonlySet<string>): void {
    this.#paused = splits;
  }

  /** Of those that are not paused, the split whose next record is oldest by its own time: then the watermarks of all rise together. */
  oldest(): SourceSplit | null {
    let oldest: SourceSplit | null = null;
    let timeMs = Number.POSITIVE_INFINITY;
    for (const split of this.#splits.values()) {
      const next = split.next;
      if (next === undefined || this.#paused.has(split.name) || next.timeMs >= timeMs) continue;
      oldest = split;
      timeMs = next.timeMs;
    }
    return oldest;
  }

  /** All of a bounded source is read. */
  get isDone(): boolean {
    return this.#options.until !== "never" && [...this.#splits.values()].every((split) => split.isDone);
  }

  /** Finds the partitions and where each begins: at the checkpoint's position, else as the options say. */
  async begin(restored: KafkaPosition | null): Promise<void> {
    const topics = await this.#topics();
    if (topics.length === 0) throw this.#missing();
    for (const topic of topics) await this.#add(topic, restored, this.#isNewSince(restored, topic));
  }

  /** Finds partitions and topics that have appeared, to be read from their beginning; says whether there are any. */
  async discover(): Promise<boolean> {
    if (this.#options.until !== "never") return false;
    const before = this.#splits.size;
    for (const topic of await this.#topics()) await this.#add(topic, null, true);
    return this.#splits.size > before;
  }

  /** A `KafkaPosition`. */
  position(): JsonValue {
    const topics: Record<string, Record<string, number>> = Object.create(null);
    const ends: Record<string, Record<string, number>> = Object.create(null);
    for (const { topic, partition, offset, end } of this.#splits.values()) {
      topics[topic] ??= {};
      topics[topic][partition] = offset;
      if (end === null) continue;
      ends[topic] ??= {};
      ends[topic][partition] = end;
    }
    return this.#options.until === "never" ? { topics } : { topics, ends };
  }

  async #topics(): Promise<readonly string[]> {
    return matchingTopics(this.#options.topics, await this.#driver.listTopics());
  }

  /**
   * Whether what the checkpoint does not know of a topic was made after it: a partition of a topic that it knows, or a
   * topic that a pattern stands for. A topic that was added by its name begins as the options say.
   */
  #isNewSince(restored: KafkaPosition | null, topic: string): boolean {
    if (restored === null) return false;
    return Object.hasOwn(restored.topics, topic) || !this.#options.topics.includes(topic);
  }

  async #add(topic: string, restored: KafkaPosition | null, isNew: boolean): Promise<void> {
    const partitions = (await this.#driver.partitions(topic)).filter((partition) => !this.#splits.has(`${topic}/${partition}`));
    if (partitions.length === 0) return;
    const { start, until } = this.#options;
    const fixed = typeof start === "object" && "offsets" in start ? start.offsets : undefined;
    const starts = await this.#driver.offsets(topic, isNew ? "earliest" : startOffset(start));
    const latest = await this.#driver.offsets(topic, "latest");
    const newest = typeof start === "object" && "newest" in start ? start.newest : null;
    for (const partition of partitions) {
      const place = { topic, partition };
      const endOffset = latest.get(partition) ?? 0;
      const end = until === "never" ? null : (offsetIn(restored?.ends, place) ?? endOffset);
      const known = offsetIn(restored?.topics, place) ?? (isNew ? undefined : offsetIn(fixed, place));
      const first = starts.get(partition) ?? 0;
      const from = newest === null ? first : Math.max(first, endOffset - newest);
      const split = new SourceSplit(place, known ?? from, end, endOffset);
      this.#splits.set(split.name, split);
    }
  }

  #missing(): ConnectorError {
    const { topics, connection } = this.#options;
    const what = `Kafka at "${connection}" has no topic ${topics.join(", ")}.`;
    return new ConnectorError("TOPIC_MISSING", `${what} Create it, or check the name; it is looked for again.`, { retryable: true });
  }
}

/** Where to begin where no offset is named. */
function startOffset(start: KafkaSourceOptions["start"]): StartOffset {
  return typeof start === "object" && !("timestampMs" in start) ? "earliest" : start;
}
