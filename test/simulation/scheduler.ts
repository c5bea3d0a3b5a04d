import { RandomSource } from "@millrace/engine/testing";

interface Entry {
  readonly atMs: number;
  /** Of two at the same time, the one that was planned first. */
  readonly order: number;
  readonly run: () => void;
}

/**
 * Virtual time and everything that is going to happen in it. One thing happens at a time, and all that follows from it
 * at once is done before the next: with one seed, everything always happens in the same order.
 */
export class Scheduler {
  readonly random: RandomSource;
  readonly trace: string[] = [];
  readonly #keepTrace: boolean;
  readonly #heap: Entry[] = [];
  #planned = 0;
  #nowMs = 0;

  constructor(seed: number, keepTrace: boolean) {
    this.random = new RandomSource(Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995);
    this.#keepTrace = keepTrace;
  }

  /** Virtual ms since the start. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** Has `run` happen after `delayMs`. */
  after(delayMs: number, run: () => void): void {
    push(this.#heap, { atMs: this.#nowMs + delayMs, order: this.#planned++, run });
  }

  /** Says what happens; kept only when somebody wants the trace. */
  say(text: () => string): void {
    if (this.#keepTrace) this.trace.push(`${this.#nowMs.toFixed(0).padStart(7)} ${text()}`);
  }

  /** Lets things happen until `isOver`, nothing is planned, or `endMs` is reached; answers whether it was over. */
  async run(isOver: () => boolean, endMs: number): Promise<boolean> {
    while (!isOver()) {
      const next = pop(this.#heap);
      if (next === undefined || next.atMs > endMs) return false;
      this.#nowMs = next.atMs;
      next.run();
      await settled();
    }
    return true;
  }
}

/** Resolves when all that follows at once from what was done is done. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

function push(heap: Entry[], entry: Entry): void {
  let at = heap.length;
  heap.push(entry);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!isBefore(entry, heap[parent])) break;
    heap[at] = heap[parent];
    at = parent;
  }
  heap[at] = entry;
}

function pop(heap: Entry[]): Entry | undefined {
  const first = heap.at(0);
  const last = heap.pop();
  if (first === undefined || last === undefined || heap.length === 0) return first;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1], heap[child])) child++;
    if (!isBefore(heap[child], last)) break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = last;
  return first;
}
