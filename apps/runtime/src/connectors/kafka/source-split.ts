import type { FetchedRecords, KafkaRecord, TopicPartition } from "./kafka-driver.ts";

/** What a split holds ahead: more is not fetched until some of it is handed out. */
const fetchedAhead = 2;

/** A partition that is read: where it is, and what was fetched of it and waits to be handed out. */
export class SourceSplit implements TopicPartition {
  readonly topic: string;
  readonly partition: number;
  /** As in the watermarks and in dead letters. */
  readonly name: string;
  /** Where a bounded source ends; null = never. */
  readonly end: number | null;
  /** Next record to hand out. */
  offset: number;
  /** The newest end of the partition that was heard of. */
  endOffset: number;
  readonly #fetched: FetchedRecords[] = [];
  #at = 0;

  constructor(place: TopicPartition, offset: number, end: number | null, endOffset: number) {
    this.topic = place.topic;
    this.partition = place.partition;
    this.name = `${place.topic}/${place.partition}`;
    this.offset = offset;
    this.end = end;
    this.endOffset = endOffset;
  }

  /** Where fetching goes on. */
  get fetchOffset(): number {
    return this.#fetched.at(-1)?.nextOffset ?? this.offset;
  }

  /** Whether more of it may be fetched now. */
  get isHungry(): boolean {
    return this.#fetched.length < fetchedAhead && (this.end === null || this.fetchOffset < this.end);
  }

  /** A bounded split of which nothing is left. */
  get isDone(): boolean {
    const head = this.#fetched.at(0)?.records.at(this.#at);
    return this.end !== null && (head?.offset ?? this.offset) >= this.end;
  }

  /** Records that the broker has and that were not handed out. */
  get lag(): number {
    return Math.max(0, this.endOffset - this.offset);
  }

  /** The record to hand out next; undefined when nothing was fetched, or what was lies behind the end. */
  get next(): KafkaRecord | undefined {
    const record = this.#fetched.at(0)?.records.at(this.#at);
    return record === undefined || (this.end !== null && record.offset >= this.end) ? undefined : record;
  }

  /** Keeps what was fetched. Where it holds no record (aborted ones, markers of transactions) the place alone moves on. */
  keep(fetched: FetchedRecords): void {
    this.endOffset = fetched.endOffset;
    if (fetched.records.length > 0) this.#fetched.push(fetched);
    else if (this.#fetched.length === 0) this.offset = fetched.nextOffset;
  }

  /** The next records, at most `most`, as far as their offsets have no gap; they are not taken yet. */
  run(most: number): readonly KafkaRecord[] {
    const records = this.#fetched.at(0)?.records ?? [];
    const first = this.#at;
    let to = first;
    while (to < records.length && to - first < most && records[to].offset === records[first].offset + to - first) {
      if (this.end !== null && records[to].offset >= this.end) break;
      to++;
    }
    return records.slice(first, to);
  }

  /** The next `count` records have been handed out. */
  take(count: number): void {
    const [head] = this.#fetched;
    if (head === undefined || count === 0) return;
    this.#at += count;
    this.offset = head.records[this.#at - 1].offset + 1;
    if (this.#at < head.records.length) return;
    this.#fetched.shift();
    this.#at = 0;
    this.offset = head.nextOffset;
  }
}
