import {
  ConnectorError,
  type DeadLetter,
  type Delivery,
  type ImmediateWrite,
  type Prewrite,
  type SinkConnector,
  type SinkContext,
  type SinkWriter,
} from "@millrace/engine";
import type { ConnectorHost } from "../connector-host.ts";
import { type HopCount, hopCountOf } from "./hop-count.ts";
import type { KafkaDriver } from "./kafka-driver.ts";
import { type KafkaSinkOptions, readSinkOptions } from "./kafka-sink-options.ts";
import { type OpenDriver, openKafkajs } from "./open-driver.ts";
import { type Prepared, prepareRecords } from "./outgoing-records.ts";
import { TransactionalWriter } from "./transactional-writer.ts";

/**
 * Writes each checkpoint's records in one transaction together with a marker `(pipeline, sink, checkpoint, token)` in
 * the topic `millrace-commits`: exactly once for readers of committed records. Opening it fences every earlier owner.
 */
export function createKafkaSink(host: ConnectorHost, open: OpenDriver = openKafkajs): SinkConnector {
  return {
    guarantee: "exactly-once",
    async open(context) {
      const options = readSinkOptions(context.options);
      const sink = new KafkaSinkWriter(host, context, options, open(host, options.connection));
      try {
        await sink.prepare();
        return sink;
      } catch (cause) {
        await sink.close();
        throw cause;
      }
    },
  };
}

class KafkaSinkWriter implements SinkWriter {
  readonly #host: ConnectorHost;
  readonly #context: SinkContext;
  readonly #options: KafkaSinkOptions;
  readonly #driver: KafkaDriver;
  readonly #transactional: TransactionalWriter;
  readonly #hops: HopCount;
  #partitions = 0;
  /** Of what was prewritten of the next checkpoint: they count once it is delivered. */
  #lettersAhead: readonly DeadLetter[] = [];

  constructor(host: ConnectorHost, context: SinkContext, options: KafkaSinkOptions, driver: KafkaDriver) {
    this.#host = host;
    this.#context = context;
    this.#options = options;
    this.#driver = driver;
    this.#hops = hopCountOf(host, context.clock);
    this.#transactional = new TransactionalWriter(driver, context, options.compression);
  }

  /** Finds the topic, so that a wrong name is told at the start, and takes the sink over. */
  async prepare(): Promise<void> {
    const { topic, createPartitions } = this.#options;
    if (createPartitions !== null) await this.#driver.ensureTopic(topic, { partitions: createPartitions, compacted: false });
    this.#partitions = (await this.#driver.partitions(topic)).length;
    if (this.#partitions === 0) {
      const fix = `Create it, or switch "Create the topic" on.`;
      throw new ConnectorError("TOPIC_MISSING", `Kafka at "${this.#options.connection}" has no topic ${topic}. ${fix}`, {
        retryable: false,
      });
    }
    const { fencingToken } = this.#context;
    const places = Array.from({ length: this.#partitions }, (_, partition) => ({ topic, partition }));
    if (fencingToken !== undefined) await this.#transactional.takeOver(fencingToken, places);
  }

  delivered(): Promise<number | null> {
    return this.#transactional.delivered();
  }

  async deliver(delivery: Delivery): Promise<void> {
    let letters: readonly DeadLetter[] = [];
    await this.#transactional.deliver(delivery, (from) => {
      const outgoing = this.#outgoing(piecesFrom(delivery, from), `checkpoint ${delivery.checkpoint}`);
      letters = from === 0 ? outgoing.letters : [...this.#lettersAhead, ...outgoing.letters];
      return outgoing.records;
    });
    this.#bury(letters);
  }

  async prewrite(part: Prewrite): Promise<void> {
    const { records, letters } = this.#outgoing(part.pieces, `checkpoint ${part.checkpoint}`);
    await this.#transactional.prewrite(part, records);
    this.#lettersAhead = part.from === 0 ? letters : [...this.#lettersAhead, ...letters];
  }

  /**
   * Without a transaction, but as the owner of the sink's transactional id: the broker refuses an earlier owner in every
   * partition that this one has taken over or written to. What an earlier owner wrote before that stays, as at least once allows.
   */
  async writeNow({ bytes, fencingToken }: ImmediateWrite): Promise<void> {
    const { records, letters } = this.#outgoing([bytes], "written at once");
    await this.#transactional.writeNow(fencingToken, records);
    this.#bury(letters);
  }

  async close(): Promise<void> {
    await this.#transactional.close();
    await this.#driver.close();
  }

  #outgoing(pieces: readonly Uint8Array[], position: string): Prepared {
    const place = { partitions: this.#partitions, position, stamp: this.#hops.headers() };
    return prepareRecords(pieces, this.#options, place);
  }

  #bury(letters: readonly DeadLetter[]): void {
    if (letters.length > 0) this.#host.onDeadLetters(this.#context.sinkId, letters);
  }
}

/** The bytes of a delivery behind the first so many. */
function piecesFrom(delivery: Delivery, from: number): readonly Uint8Array[] {
  const { pieces, rest } = delivery;
  if (rest?.from === from) return rest.pieces;
  return from === 0 && pieces !== undefined ? pieces : [delivery.bytes.subarray(from)];
}
