import { ConnectorError, type Delivery, FencedError, type Prewrite } from "@millrace/engine";
import { type CommitMarker, ensureCommitTopic, markerRecord, readMarker } from "./commit-markers.ts";
import type { Compression, KafkaDriver, KafkaWriter, Outgoing, TopicPartition } from "./kafka-driver.ts";
import { isWriterFenced } from "./kafka-failure.ts";

interface OpenWriter {
  readonly writer: KafkaWriter;
  marker: CommitMarker | null;
  /** What its open transaction holds already: so many of the first bytes of a checkpoint. */
  ahead: { readonly checkpoint: number; readonly bytes: number } | null;
}

/**
 * Writes the records of a checkpoint and the marker that says so in one transaction. After a failure whose outcome is
 * unknown the writer is thrown away: the next takes the transactional id over, which ends what was open, and only then
 * is the marker read that tells whether it was committed.
 */
export class TransactionalWriter {
  readonly #driver: KafkaDriver;
  readonly #pipelineId: string;
  readonly #sinkId: string;
  readonly #compression: Compression;
  #open: OpenWriter | null = null;
  /** Once another owner has been seen, nothing is opened again: two that take over from each other never end. */
  #fenced: FencedError | null = null;

  constructor(driver: KafkaDriver, sink: { readonly pipelineId: string; readonly sinkId: string }, compression: Compression) {
    this.#driver = driver;
    this.#pipelineId = sink.pipelineId;
    this.#sinkId = sink.sinkId;
    this.#compression = compression;
  }

  /**
   * Takes the sink over: from here on every earlier owner's writes fail. With its `token` written down, an earlier owner
   * that comes back stands down before it writes anything. The transaction that writes it ends in `partitions` too: from
   * then on these refuse what an earlier owner writes there without a transaction. Rejects with a `FencedError` when the
   * token is stale.
   */
  async takeOver(token: number, partitions: readonly TopicPartition[]): Promise<void> {
    const open = await this.#opened();
    this.#refuseStale(token, open.marker);
    if (token <= (open.marker?.fencingToken ?? 0)) return;
    await this.#commit(open, [], { checkpoint: open.marker?.checkpoint ?? -1, fencingToken: token }, partitions);
  }

  /** Writes records that no checkpoint holds, without a transaction. Rejects with a `FencedError` when the token is stale. */
  async writeNow(token: number, records: readonly Outgoing[]): Promise<void> {
    const open = await this.#opened();
    this.#refuseStale(token, open.marker);
    await this.#orGiveUp(() => open.writer.send(records));
  }

  /** The newest checkpoint that the topic holds; null when it holds none. */
  async delivered(): Promise<number | null> {
    const { marker } = await this.#opened();
    return marker === null || marker.checkpoint < 0 ? null : marker.checkpoint;
  }

  /** Writes records of a checkpoint into the transaction that its delivery commits, if what was taken before is all that precedes them. */
  async prewrite({ checkpoint, fencingToken, from, bytes }: Prewrite, records: readonly Outgoing[]): Promise<void> {
    const open = await this.#opened();
    this.#refuseStale(fencingToken, open.marker);
    const known = open.ahead ?? { checkpoint, bytes: 0 };
    if (known.checkpoint !== checkpoint || known.bytes !== from || checkpoint <= (open.marker?.checkpoint ?? -1)) return;
    await this.#orGiveUp(() => open.writer.sendAhead(records));
    open.ahead = { checkpoint, bytes: from + bytes };
  }

  /**
   * Writes a checkpoint's records, unless the topic holds it; says whether it wrote them. One without records is only
   * remembered. `records`: those behind the first so many bytes of the checkpoint.
   */
  async deliver({ checkpoint, fencingToken }: Delivery, records: (from: number) => readonly Outgoing[]): Promise<boolean> {
    const open = await this.#openedFor(checkpoint);
    this.#refuseStale(fencingToken, open.marker);
    if (open.marker !== null && checkpoint <= open.marker.checkpoint) return false;
    const outgoing = records(open.ahead?.bytes ?? 0);
    if (outgoing.length > 0 || open.ahead !== null) await this.#commit(open, outgoing, { checkpoint, fencingToken });
    else open.marker = { checkpoint, fencingToken: Math.max(fencingToken, open.marker?.fencingToken ?? 0) };
    return true;
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = null;
    await open?.writer.close();
  }

  /** With nothing of another checkpoint in an open transaction. */
  async #openedFor(checkpoint: number): Promise<OpenWriter> {
    const open = await this.#opened();
    if (open.ahead === null || open.ahead.checkpoint === checkpoint) return open;
    await this.close();
    return await this.#opened();
  }

  async #opened(): Promise<OpenWriter> {
    if (this.#fenced !== null) throw this.#fenced;
    if (this.#open !== null) return this.#open;
    await ensureCommitTopic(this.#driver);
    const transactionalId = `millrace-${this.#pipelineId}-${this.#sinkId}`;
    const writer = await this.#driver.openWriter({ transactionalId, compression: this.#compression });
    try {
      this.#open = { writer, marker: await readMarker(this.#driver, this.#pipelineId, this.#sinkId), ahead: null };
    } catch (cause) {
      await writer.close();
      throw cause;
    }
    return this.#open;
  }

  async #commit(
    open: OpenWriter,
    records: readonly Outgoing[],
    marker: CommitMarker,
    alsoIn: readonly TopicPartition[] = [],
  ): Promise<void> {
    const outgoing = [...records, markerRecord(this.#pipelineId, this.#sinkId, marker)];
    await this.#orGiveUp(() => open.writer.sendInTransaction(outgoing, alsoIn));
    open.marker = marker;
    open.ahead = null;
  }

  /** A writer that has failed is thrown away. */
  async #orGiveUp(write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (cause) {
      await this.close();
      if (!isWriterFenced(cause)) throw cause;
      // A newer owner, or the broker that gave a slow transaction up: whose token the marker bears tells which.
      const message = "Another writer has taken the Kafka sink's transactions over, or the broker ended one that took too long.";
      throw new ConnectorError("KAFKA_TRANSACTION_LOST", `${message} Who owns them is looked up.`, { retryable: true, cause });
    }
  }

  #refuseStale(token: number, marker: CommitMarker | null): void {
    if (marker === null || token >= marker.fencingToken) return;
    this.#fenced = new FencedError(token, marker.fencingToken, "sink");
    throw this.#fenced;
  }
}
