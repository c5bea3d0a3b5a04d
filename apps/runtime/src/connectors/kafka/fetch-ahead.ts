import { type Clock, ConnectorError } from "@millrace/engine";
import type { KafkaDriver, KafkaReader } from "./kafka-driver.ts";
import type { SourceSplits } from "./source-splits.ts";

const fetchWaitMs = 250;
const pauseMs = 500;
/** A broker that restarts is back within this; afterwards the run says that the source fails. */
const patienceMs = 30_000;

/**
 * Fetches what comes next while the pipeline works on what is there: one request at a time, and of no split more than
 * it can hold. While a pipeline is held back, its splits fill up and are paused. Failures that can pass are tried again.
 */
export class FetchAhead {
  readonly #driver: KafkaDriver;
  readonly #readCommitted: boolean;
  readonly #splits: SourceSplits;
  readonly #clock: Clock;
  #reader: KafkaReader | null = null;
  #assigned = false;
  #running: Promise<void> | null = null;
  #failingSince: number | null = null;
  #failure: unknown = null;
  #closed = false;

  constructor(driver: KafkaDriver, readCommitted: boolean, splits: SourceSplits, clock: Clock) {
    this.#driver = driver;
    this.#readCommitted = readCommitted;
    this.#splits = splits;
    this.#clock = clock;
  }

  /** Why nothing more can be fetched; null while it can. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Connects, so that what is wrong is told at the start. */
  async open(): Promise<void> {
    this.#reader = await this.#driver.openReader({ readCommitted: this.#readCommitted });
  }

  /** There are other splits than before. */
  reassign(): void {
    this.#assigned = false;
  }

  /** Begins to fetch, if no request is under way; resolves, never rejects, when the request under way is done. */
  go(): Promise<void> {
    if (this.#closed || this.#failure !== null) return Promise.resolve();
    this.#running ??= this.#fetch().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#reader?.close();
  }

  async #fetch(): Promise<void> {
    try {
      this.#reader ??= await this.#driver.openReader({ readCommitted: this.#readCommitted });
      const reader = this.#reader;
      if (!this.#assigned) {
        const all = [...this.#splits.all];
        reader.assign(all.map(({ topic, partition, fetchOffset }) => ({ topic, partition, offset: fetchOffset })));
        this.#assigned = true;
      }
      const all = [...this.#splits.all];
      const hungry = all.filter((split) => split.isHungry);
      if (hungry.length === 0) return;
      reader.pause(all.filter((split) => !split.isHungry));
      reader.resume(hungry);
      for (const fetched of await reader.fetch(fetchWaitMs)) this.#splits.find(`${fetched.topic}/${fetched.partition}`)?.keep(fetched);
      this.#failingSince = null;
    } catch (cause) {
      await this.#fail(cause);
    }
  }

  async #fail(cause: unknown): Promise<void> {
    const broken = this.#reader;
    this.#reader = null;
    this.#assigned = false;
    await broken?.close();
    if (this.#closed) return;
    const now = this.#clock.monotonic();
    this.#failingSince ??= now;
    const passes = cause instanceof ConnectorError && cause.retryable && now - this.#failingSince < patienceMs;
    if (passes) await this.#clock.sleep(pauseMs);
    else this.#failure = cause;
  }
}
