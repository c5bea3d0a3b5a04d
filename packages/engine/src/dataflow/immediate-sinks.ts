import { joinBytes } from "../column/join-bytes.ts";
import type { Clock } from "../time/clock.ts";
import { type OpenSink, untilTaken } from "./deliver.ts";
import type { RunEvent } from "./pipeline-run.ts";
import type { SinkStage } from "./sink-stage.ts";

interface Entry {
  readonly sink: OpenSink;
  readonly stage: SinkStage;
  /** Writes that were begun or wait for their turn. */
  waiting: number;
  /** Resolves when all of them are done. */
  tail: Promise<void>;
}

interface ImmediateOptions {
  readonly fencingToken: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
  readonly onFailure: (cause: unknown) => void;
}

/**
 * The sinks of a pipeline that runs at least once: what is staged is written at once, one write a sink at a time, in
 * order. A checkpoint waits for what was staged before it, so that no committed position is ahead of its sinks.
 */
export class ImmediateSinks {
  readonly #entries: readonly Entry[];
  readonly #options: ImmediateOptions;
  #failed = false;
  #pumping = false;

  /** Of `sinks` those that can write at once; the others go on with checkpoints. */
  constructor(sinks: readonly { readonly sink: OpenSink; readonly stage: SinkStage }[], options: ImmediateOptions) {
    this.#options = options;
    this.#entries = sinks
      .filter(({ sink }) => sink.writer.writeNow !== undefined)
      .map(({ sink, stage }) => ({ sink, stage, waiting: 0, tail: Promise.resolve() }));
  }

  /**
   * Begins to write what is staged, where no write is under way, with the next turn of the host's event loop: what a source
   * has at hand is worked on first, so that what came together (partitions of one answer of a broker) leaves in one write.
   * Never waits.
   */
  pump(): void {
    if (this.#pumping || !this.#entries.some(isDue)) return;
    this.#pumping = true;
    void this.#options.clock.sleep(0).then(() => {
      this.#pumping = false;
      if (this.#options.signal.aborted) return;
      for (const entry of this.#entries) if (isDue(entry)) this.#begin(entry);
    });
  }

  /** Resolves when all that is staged at the moment of the call is written; `false` when it cannot be any more. */
  async flush(): Promise<boolean> {
    for (const entry of this.#entries) this.#begin(entry);
    await Promise.all(this.#entries.map(({ tail }) => tail));
    return !this.#failed && !this.#options.signal.aborted;
  }

  /** Takes what is staged; it is written after what was taken before. */
  #begin(entry: Entry): void {
    if (entry.stage.stagedBytes === 0 || this.#failed) return;
    const { pieces, records } = entry.stage.take();
    const bytes = joinBytes(pieces);
    entry.waiting++;
    entry.tail = entry.tail
      .then(() => this.#write(entry, bytes, records))
      .catch((cause: unknown) => {
        this.#failed = true;
        this.#options.onFailure(cause);
      })
      .finally(() => {
        entry.waiting--;
        if (entry.waiting === 0 && !this.#options.signal.aborted) this.#begin(entry);
      });
  }

  async #write({ sink }: Entry, bytes: Uint8Array, records: number): Promise<void> {
    if (this.#failed) return;
    const { fencingToken } = this.#options;
    await untilTaken(sink, () => sink.writer.writeNow?.({ fencingToken, bytes, records }) ?? Promise.resolve(), this.#options);
  }
}

function isDue({ stage, waiting }: Entry): boolean {
  return waiting === 0 && stage.stagedBytes > 0;
}
