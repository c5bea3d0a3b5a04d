import {
  ConnectorError,
  type DeadLetter,
  type Delivery,
  FencedError,
  type ImmediateWrite,
  type SinkConnector,
  type SinkContext,
  type SinkWriter,
} from "@millrace/engine";
import { z } from "zod";
import type { ConnectorHost } from "../connector-host.ts";
import { splitRecords } from "../split-records.ts";
import { type CommitMarker, commitTopic, markerRecord, readMarker } from "./commit-markers.ts";
import { readKafkaConnection } from "./kafka-connection.ts";
import type { KafkaDriver, KafkaWriter } from "./kafka-driver.ts";
import type { OpenDriver } from "./kafka-source.ts";
import { createKafkajsDriver } from "./kafkajs-driver.ts";
import { outgoingRecords } from "./outgoing-records.ts";

const optionsSchema = z.object({
  connection: z.string().min(1),
  topic: z.string().regex(/^[A-Za-z0-9._-]{1,249}$/),
  keyMember: z.string().nullable().default(null),
  headerMembers: z.record(z.string(), z.string()).default({}),
  upsert: z.boolean().default(false),
  acks: z.enum(["all", "leader"]).default("all"),
  compression: z.enum(["none", "gzip", "snappy", "lz4", "zstd"]).default("none"),
});
type Options = z.infer<typeof optionsSchema>;

const openKafkajs: OpenDriver = (host, connection) => createKafkajsDriver(readKafkaConnection(host, connection), host.egress);

/**
 * Writes each checkpoint's records in one transaction together with a marker `(pipeline, sink, checkpoint, token)` in
 * the topic `millrace-commits`: exactly once for readers of committed records. After an unclear failure the writer is
 * thrown away; the next takes its transactional id over, which ends what was open, and then the marker tells whether
 * the transaction was committed.
 */
export function createKafkaSink(host: ConnectorHost, open: OpenDriver = openKafkajs): SinkConnector {
  return {
    guarantee: "exactly-once",
    async open(context) {
      const options = readOptions(context);
      return new KafkaSinkWriter(host, context, options, open(host, options.connection));
    },
  };
}

class KafkaSinkWriter implements SinkWriter {
  readonly #host: ConnectorHost;
  readonly #context: SinkContext;
  readonly #options: Options;
  readonly #driver: KafkaDriver;
  /** Fences every other writer of this sink; the marker is read after it was opened. */
  #transactional: { readonly writer: KafkaWriter; marker: CommitMarker | null } | null = null;
  #plain: KafkaWriter | null = null;

  constructor(host: ConnectorHost, context: SinkContext, options: Options, driver: KafkaDriver) {
    this.#host = host;
    this.#context = context;
    this.#options = options;
    this.#driver = driver;
  }

  async delivered(): Promise<number | null> {
    return (await this.#open()).marker?.checkpoint ?? null;
  }

  async deliver({ checkpoint, fencingToken, bytes, records }: Delivery): Promise<void> {
    // What holds nothing needs no transaction: the next one with records says that it is behind it.
    if (records === 0 && this.#transactional !== null) return;
    const open = await this.#open();
    const { marker } = open;
    if (marker !== null && fencingToken < marker.fencingToken) throw new FencedError(fencingToken, marker.fencingToken);
    if ((marker !== null && checkpoint <= marker.checkpoint) || records === 0) return;
    const { pipelineId, sinkId } = this.#context;
    const outgoing = outgoingRecords(splitRecords(bytes, Number.POSITIVE_INFINITY), this.#options, `checkpoint ${checkpoint}`);
    const next: CommitMarker = { checkpoint, fencingToken };
    try {
      await open.writer.sendInTransaction([...outgoing.records, markerRecord(pipelineId, sinkId, next)]);
    } catch (cause) {
      await this.#forget();
      throw cause;
    }
    open.marker = next;
    this.#bury(outgoing.letters);
  }

  async writeNow({ bytes }: ImmediateWrite): Promise<void> {
    const { acks, compression } = this.#options;
    const outgoing = outgoingRecords(splitRecords(bytes, Number.POSITIVE_INFINITY), this.#options, "written at once");
    try {
      this.#plain ??= await this.#driver.openWriter({ transactionalId: null, acks, compression });
      await this.#plain.send(outgoing.records);
    } catch (cause) {
      await this.#plain?.close();
      this.#plain = null;
      throw cause;
    }
    this.#bury(outgoing.letters);
  }

  async close(): Promise<void> {
    await this.#forget();
    await this.#plain?.close();
    await this.#driver.close();
  }

  async #open(): Promise<{ readonly writer: KafkaWriter; marker: CommitMarker | null }> {
    if (this.#transactional !== null) return this.#transactional;
    const { pipelineId, sinkId } = this.#context;
    await this.#driver.ensureTopic(commitTopic, { partitions: 1, compacted: true });
    const { compression } = this.#options;
    const writer = await this.#driver.openWriter({ transactionalId: `millrace-${pipelineId}-${sinkId}`, acks: "all", compression });
    try {
      this.#transactional = { writer, marker: await readMarker(this.#driver, pipelineId, sinkId) };
    } catch (cause) {
      await writer.close();
      throw cause;
    }
    return this.#transactional;
  }

  async #forget(): Promise<void> {
    const open = this.#transactional;
    this.#transactional = null;
    await open?.writer.close();
  }

  #bury(letters: readonly DeadLetter[]): void {
    if (letters.length > 0) this.#host.onDeadLetters(this.#context.sinkId, letters);
  }
}

function readOptions(context: SinkContext): Options {
  const parsed = optionsSchema.safeParse(context.options);
  if (parsed.success) return parsed.data;
  const what = z.prettifyError(parsed.error).replaceAll("\n", " ");
  throw new ConnectorError("KAFKA_INVALID", `The Kafka sink is not set up right: ${what}`, { retryable: false });
}
