import { bytesPerTurn, type PartitionChooser } from "./choose-partition.ts";
import type { OutgoingLines, OutgoingRecord } from "./kafka-driver.ts";
import type { Encodable } from "./record-batch-encoder.ts";

/** What goes into one batch; a broker takes about a megabyte. */
const bytesPerBatch = 512 << 10;
/** More than a record needs beside its bytes. */
const envelopeBytes = 70;

/** Records for one partition, for one batch. */
export interface Pile {
  readonly topic: string;
  readonly partition: number;
  readonly records: Encodable[];
  bytes: number;
}

/** Records by partition, in order; a partition with many records has several piles. */
export class Piles {
  readonly all: Pile[] = [];
  readonly #partitionsOf: (topic: string) => number;
  readonly #chooser: PartitionChooser;
  readonly #topics = new Map<string, { readonly count: number; readonly open: Pile[] }>();

  constructor(partitionsOf: (topic: string) => number, chooser: PartitionChooser) {
    this.#partitionsOf = partitionsOf;
    this.#chooser = chooser;
  }

  add(record: OutgoingRecord): void {
    const { topic, key, value, partition } = record;
    const bytes = (value?.length ?? 0) + (key?.length ?? 0) + envelopeBytes;
    this.#put(record, topic, partition ?? this.#chooser.choose(key, bytes, this.#topic(topic).count), bytes);
  }

  /** As many records, but by runs of lines for one partition. */
  addLines(lines: OutgoingLines): void {
    const { topic, ends } = lines;
    const { count } = this.#topic(topic);
    let start = 0;
    for (let from = 0; from < ends.length; ) {
      let bytes = 0;
      let to = from;
      do {
        bytes += ends[to] - start + envelopeBytes;
        start = ends[to++] + 1;
      } while (to < ends.length && bytes + ends[to] - start + envelopeBytes <= bytesPerTurn);
      this.#put({ lines, from, to }, topic, this.#chooser.choose(null, bytes, count), bytes);
      from = to;
    }
  }

  #topic(topic: string): { readonly count: number; readonly open: Pile[] } {
    let known = this.#topics.get(topic);
    if (known === undefined) {
      known = { count: Math.max(1, this.#partitionsOf(topic)), open: [] };
      this.#topics.set(topic, known);
    }
    return known;
  }

  #put(record: Encodable, topic: string, partition: number, bytes: number): void {
    const { open } = this.#topic(topic);
    let pile = open[partition];
    if (pile === undefined || pile.bytes + bytes > bytesPerBatch) {
      pile = { topic, partition, records: [], bytes: 0 };
      open[partition] = pile;
      this.all.push(pile);
    }
    pile.records.push(record);
    pile.bytes += bytes;
  }
}
