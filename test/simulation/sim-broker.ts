import type { Scheduler } from "./scheduler.ts";

/** A later producer of the same transactional id has taken over, or the broker gave this one up. */
export class ProducerFenced extends Error {}

/** What a transaction says of itself in the topic of commits. */
export interface CommitMarker {
  readonly checkpoint: number;
  readonly token: number;
}

interface Transaction {
  readonly records: string[];
  marker: CommitMarker | null;
}

interface Producer {
  epoch: number;
  open: Transaction | null;
}

interface Sink {
  readonly records: string[];
  marker: CommitMarker | null;
}

/** Longer than a pause of a process that keeps its job, shorter than the longest. */
const transactionTimeoutMs = 4000;

/**
 * A broker with transactions: what a transaction wrote becomes readable, whole, when it is committed; a new producer of
 * the same transactional id ends the open transaction of the one before it; and so does the broker after a time.
 */
export class SimBroker {
  readonly #scheduler: Scheduler;
  readonly #producers = new Map<string, Producer>();
  readonly #sinks = new Map<string, Sink>();
  timedOut = 0;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  /** Becomes the only producer of this transactional id; returns its epoch. */
  initProducer(transactionalId: string): number {
    const epoch = (this.#producers.get(transactionalId)?.epoch ?? 0) + 1;
    this.#producers.set(transactionalId, { epoch, open: null });
    return epoch;
  }

  begin(transactionalId: string, epoch: number): void {
    const producer = this.#producer(transactionalId, epoch);
    const transaction: Transaction = { records: [], marker: null };
    producer.open = transaction;
    this.#scheduler.after(transactionTimeoutMs, () => {
      if (producer.open !== transaction) return;
      producer.open = null;
      producer.epoch++;
      this.timedOut++;
      this.#scheduler.say(() => `the broker gives up the transaction of ${transactionalId}`);
    });
  }

  produce(transactionalId: string, epoch: number, records: readonly string[], marker: CommitMarker): void {
    const { open } = this.#producer(transactionalId, epoch);
    if (open === null) throw new ProducerFenced(`${transactionalId} has no open transaction`);
    open.records.push(...records);
    open.marker = marker;
  }

  commit(transactionalId: string, epoch: number): void {
    const producer = this.#producer(transactionalId, epoch);
    const { open } = producer;
    if (open === null) throw new ProducerFenced(`${transactionalId} has no open transaction`);
    producer.open = null;
    const sink = this.#sink(transactionalId);
    sink.records.push(...open.records);
    sink.marker = open.marker;
  }

  /** The newest marker that a reader of committed records sees. */
  marker(transactionalId: string): CommitMarker | null {
    return this.#sink(transactionalId).marker;
  }

  /** Committed records, in order. */
  committed(transactionalId: string): readonly string[] {
    return this.#sink(transactionalId).records;
  }

  #producer(transactionalId: string, epoch: number): Producer {
    const producer = this.#producers.get(transactionalId);
    if (producer === undefined || producer.epoch !== epoch) throw new ProducerFenced(`epoch ${epoch} of ${transactionalId} is over`);
    return producer;
  }

  #sink(transactionalId: string): Sink {
    const known = this.#sinks.get(transactionalId);
    if (known !== undefined) return known;
    const sink: Sink = { records: [], marker: null };
    this.#sinks.set(transactionalId, sink);
    return sink;
  }
}
