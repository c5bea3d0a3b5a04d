import type { Clock } from "../time/clock.ts";
import type { FromWorker, ToWorker, WorkerFailure, WorkerStart } from "./messages.ts";
import { PipelineWorker, workerFailure } from "./pipeline-worker.ts";

/** What a run hears of its workers. */
export interface WorkerListener {
  message(worker: number, message: FromWorker): void;
  /** The worker is gone. */
  failed(worker: number, failure: WorkerFailure): void;
}

/** Workers that have been started. Messages arrive in the order in which they were sent. */
export interface WorkerSet {
  /** `transfer`: buffers that are given away. */
  send(worker: number, message: ToWorker, transfer: readonly ArrayBuffer[]): void;
  /** Ends all of them at once. */
  close(): Promise<void>;
}

/** Where the workers of a run come from: threads of a process, or this very thread. */
export interface WorkerPool {
  /** Chunks of a source are put together up to this size while workers are busy, less where there are many workers. */
  readonly taskBytes: number;
  start(starts: readonly WorkerStart[], listener: WorkerListener): Promise<WorkerSet>;
}

/** In which order workers of this thread get their messages; of each pair of them they stay in order. */
export interface LocalWorkerOptions {
  /** Picks one of so many ways that have a message. Default: the first. */
  readonly pick?: (ways: number) => number;
  /** Messages cross as between threads, by a copy of their structure. Default false. */
  readonly clones?: boolean;
}

/** Workers in this thread: nothing is faster by them, but all is as with threads. For tests, and for states of groups where there are no threads. */
export function createLocalWorkers(clock: Clock, options: LocalWorkerOptions = {}): WorkerPool {
  return {
    taskBytes: 1,
    async start(starts, listener) {
      const set = new LocalWorkers(clock, options, listener);
      for (const start of starts) set.add(options.clones === true ? structuredClone(start) : start);
      return set;
    },
  };
}

class LocalWorkers implements WorkerSet {
  readonly #clock: Clock;
  readonly #options: LocalWorkerOptions;
  readonly #listener: WorkerListener;
  readonly #workers: PipelineWorker[] = [];
  /** By sender and receiver: what is on its way. */
  readonly #ways = new Map<string, (() => void)[]>();
  #isDelivering = false;
  #isClosed = false;

  constructor(clock: Clock, options: LocalWorkerOptions, listener: WorkerListener) {
    this.#clock = clock;
    this.#options = options;
    this.#listener = listener;
  }

  add(start: WorkerStart): void {
    const { worker } = start;
    this.#workers.push(
      new PipelineWorker(start, {
        clock: this.#clock,
        tell: (messages) =>
          this.#put(`${worker} coordinator`, messages, (copies) => {
            for (const message of copies) this.#listener.message(worker, message);
          }),
        send: (other, message) => this.#put(`${worker} ${other}`, message, (copy) => this.#give(other, copy)),
      }),
    );
  }

  send(worker: number, message: ToWorker): void {
    this.#put(`coordinator ${worker}`, message, (copy) => this.#give(worker, copy));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#ways.clear();
  }

  #give(worker: number, message: ToWorker): void {
    if (message.kind !== "start") this.#workers[worker].receive([message]);
  }

  #put<M>(way: string, message: M, arrive: (message: M) => void): void {
    const copy = this.#options.clones === true ? structuredClone(message) : message;
    const queue = this.#ways.get(way) ?? [];
    this.#ways.set(way, queue);
    queue.push(() => arrive(copy));
    if (this.#isDelivering) return;
    this.#isDelivering = true;
    queueMicrotask(() => this.#deliver());
  }

  /** A message a turn, so that whoever waits for one gets to know of it. */
  #deliver(): void {
    const ways = [...this.#ways].filter(([, queue]) => queue.length > 0);
    this.#isDelivering = ways.length > 0 && !this.#isClosed;
    if (!this.#isDelivering) return;
    const [, queue] = ways[this.#options.pick?.(ways.length) ?? 0];
    const arrive = queue.shift();
    try {
      arrive?.();
    } catch (cause) {
      this.#listener.failed(0, workerFailure(cause));
    }
    queueMicrotask(() => this.#deliver());
  }
}
