import type { ChunkRef } from "../checkpoint/checkpoint-store.ts";
import { stateSignature } from "../compile/state-signature.ts";
import type { StateCapture } from "../state/state-capture.ts";
import type { Clock } from "../time/clock.ts";
import type { OperatorHost } from "./operator-host.ts";
import type { ChunkStore, PartBytes } from "./run-checkpoints.ts";

/** State up to this size is written whole with every checkpoint. */
const smallBytes = 64 << 10;
/** Operators with less state than this do not write ahead. */
const largeBytes = 1 << 20;
/** Changed rows beyond this are written ahead, while records are processed. */
const aheadBytes = 128 << 10;
/** So many records of a state are on their way into the store at a time. */
const storedAtOnce = 4;
/** After so many times of writing ahead what is left is taken as it is: records come faster than they can be written. */
const mostRounds = 6;
const mostSnapshots = 64;

interface StateLog {
  /** What is stored of it. */
  readonly chunks: ChunkRef[];
  readonly snapshots: number;
}

/**
 * The states of a run's operators as logs of snapshots; see `state/state-log.ts`. A checkpoint adds to each what has
 * changed since the last one, and begins a log anew when it has become longer than the state is worth. Processing
 * pauses for the last changed rows alone, however large the state: all else is written ahead of that.
 */
export class StateLogs {
  readonly #hosts: Iterable<OperatorHost>;
  readonly #checkpoints: ChunkStore;
  readonly #clock: Clock;
  readonly #logs = new Map<string, StateLog>();
  /** Logs that have been begun anew for the checkpoint that is coming. */
  readonly #begun = new Map<string, StateLog>();
  /** Bytes beside tables, of operators where these are most of the state: there is nothing to gain for them. */
  readonly #untabled = new Set<string>();
  /** The longest that processing has paused for the checkpoint at work, ms. */
  longestPauseMs = 0;

  constructor(hosts: Iterable<OperatorHost>, checkpoints: ChunkStore, clock: Clock) {
    this.#hosts = hosts;
    this.#checkpoints = checkpoints;
    this.#clock = clock;
  }

  /** Goes on with the log that an operator was restored from. */
  goOn(id: string, chunks: readonly ChunkRef[]): void {
    if (chunks.length === 0) return;
    this.#logs.set(id, { chunks: [...chunks], snapshots: 1 });
  }

  /** Writes large state ahead of the next `take`; null when there is none. */
  prepare(): Promise<void> | null {
    this.longestPauseMs = 0;
    this.#begun.clear();
    const since = this.#clock.monotonic();
    const large: OperatorHost[] = [];
    for (const host of this.#hosts) {
      if (this.#untabled.has(host.step.id) || host.operator.gauges().stateBytes < largeBytes) continue;
      if (this.#pending(host, host.capture()) > aheadBytes) large.push(host);
    }
    this.#notePause(since);
    return large.length === 0 ? null : this.#writeAhead(large);
  }

  /** The state of all operators as of now, with what of it is stored already. */
  take(): PartBytes[] {
    const since = this.#clock.monotonic();
    const parts: PartBytes[] = [];
    for (const host of this.#hosts) parts.push(this.#part(host));
    this.#notePause(since);
    return parts;
  }

  /** The checkpoint with the parts that were taken last is committed: their logs are what the next ones go on with. */
  committed(chunksOf: (id: string) => readonly ChunkRef[]): void {
    for (const host of this.#hosts) {
      const { id } = host.step;
      const chunks = chunksOf(id);
      if (chunks.length === 0) this.#logs.delete(id);
      else this.#logs.set(id, { chunks: [...chunks], snapshots: this.#current(id).snapshots + 1 });
    }
    this.#begun.clear();
  }

  async #writeAhead(hosts: readonly OperatorHost[]): Promise<void> {
    const before = new Map<OperatorHost, number>();
    for (let round = 0; round < mostRounds; round++) {
      let isMoved = false;
      for (const host of hosts) {
        const since = this.#clock.monotonic();
        const capture = host.capture();
        const pending = this.#pending(host, capture);
        // Where records change rows faster than these can be written, going on would only store them over and over.
        if (pending <= aheadBytes || pending > (before.get(host) ?? Number.POSITIVE_INFINITY) / 2) continue;
        before.set(host, pending);
        isMoved = true;
        const records = this.#begin(host.step.id, capture);
        this.#notePause(since);
        await this.#writeRecords(host.step.id, records);
      }
      if (!isMoved) return;
    }
  }

  /** From here on changed rows are marked anew. */
  #begin(id: string, capture: StateCapture): Iterator<Uint8Array<ArrayBuffer>> {
    const isWhole = this.#isWhole(id, capture);
    this.#begun.set(id, isWhole ? { chunks: [], snapshots: 0 } : this.#current(id));
    return capture.rows(isWhole);
  }

  async #writeRecords(id: string, records: Iterator<Uint8Array<ArrayBuffer>>): Promise<void> {
    const chunks = this.#begun.get(id)?.chunks ?? [];
    const stored: Promise<readonly ChunkRef[]>[] = [];
    for (;;) {
      const since = this.#clock.monotonic();
      const { value, done } = records.next();
      if (done === true) break;
      const storing = this.#checkpoints.store([value]);
      // It is waited for in order, maybe after it has failed.
      storing.catch(() => {});
      stored.push(storing);
      this.#notePause(since);
      if (stored.length >= storedAtOnce) chunks.push(...((await stored.shift()) ?? []));
      await this.#clock.sleep(0);
    }
    for (const storing of stored) chunks.push(...(await storing));
  }

  #part(host: OperatorHost): PartBytes {
    const { id } = host.step;
    const capture = host.capture();
    const isWhole = this.#isWhole(id, capture);
    const before = isWhole ? [] : this.#current(id).chunks;
    if (isWhole) this.#begun.set(id, { chunks: [], snapshots: 0 });
    if (capture.headBytes > capture.tableBytes && capture.headBytes > smallBytes) this.#untabled.add(id);
    const pieces = [...capture.rows(isWhole), capture.end()];
    return { kind: "operator", id, pieces, before, signature: stateSignature(host.step) };
  }

  /** Bytes that would have to be written now. */
  #pending({ step: { id } }: OperatorHost, capture: StateCapture): number {
    return this.#isWhole(id, capture) ? capture.tableBytes : capture.dirtyBytes;
  }

  #isWhole(id: string, capture: StateCapture): boolean {
    if (this.#begun.has(id)) return false;
    const log = this.#logs.get(id);
    if (log === undefined || this.#untabled.has(id) || log.snapshots >= mostSnapshots) return true;
    const live = capture.headBytes + capture.tableBytes;
    return live < smallBytes || bytesOf(log.chunks) > live * 2 + largeBytes;
  }

  /** The log to add to, of which there is one. */
  #current(id: string): StateLog {
    const log = this.#begun.get(id) ?? this.#logs.get(id);
    return { chunks: [...(log?.chunks ?? [])], snapshots: log?.snapshots ?? 0 };
  }

  #notePause(since: number): void {
    this.longestPauseMs = Math.max(this.longestPauseMs, this.#clock.monotonic() - since);
  }
}

function bytesOf(chunks: readonly ChunkRef[]): number {
  return chunks.reduce((sum, { bytes }) => sum + bytes, 0);
}
