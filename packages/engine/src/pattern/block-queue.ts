import type { EventBlock } from "./event-block.ts";

/** Blocks that have unread events, by (time of the next, age of the block): a binary heap. */
export class BlockQueue {
  readonly #heap: EventBlock[] = [];

  /** The block with the earliest event. */
  get first(): EventBlock | undefined {
    return this.#heap[0];
  }

  add(block: EventBlock): void {
    const heap = this.#heap;
    let at = heap.push(block) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(block, heap[parent])) break;
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = block;
  }

  /** Puts the first block where it belongs after its next event has changed; takes it off when it has none. */
  settleFirst(): void {
    const heap = this.#heap;
    let block = heap[0];
    if (block.head === block.count) {
      const last = heap.pop();
      if (last === undefined || heap.length === 0) return;
      block = last;
    } else if (heap.length === 1) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1], heap[child])) child++;
      if (!isBefore(heap[child], block)) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = block;
  }

  /**
   * One behind the last row that the first block, which there is, is to be read to before any other: rows that are put behind it
   * later come on top.
   */
  get firstRun(): number {
    const [block, left, right] = this.#heap;
    if (left === undefined) return block.count;
    const next = right === undefined || isBefore(left, right) ? left : right;
    const bound = next.time[next.head];
    const hasPrecedence = block.number < next.number;
    let row = block.head + 1;
    while (row < block.count && (block.time[row] < bound || (hasPrecedence && block.time[row] === bound))) row++;
    return row;
  }

  [Symbol.iterator](): Iterator<EventBlock> {
    return this.#heap[Symbol.iterator]();
  }
}

function isBefore(a: EventBlock, b: EventBlock): boolean {
  const [left, right] = [a.time[a.head], b.time[b.head]];
  return left < right || (left === right && a.number < b.number);
}
