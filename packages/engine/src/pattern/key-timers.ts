/** One timer for each key, by time and then key: a binary heap in which timers that were replaced stay until they come up. */
export class KeyTimers {
  readonly #heap: { readonly time: number; readonly key: number }[] = [];
  readonly #timeOf = new Map<number, number>();

  /** Time of the earliest timer; +Infinity when there is none. */
  get next(): number {
    this.#dropReplaced();
    return this.#heap.at(0)?.time ?? Number.POSITIVE_INFINITY;
  }

  /** Sets the timer of a key; +Infinity takes it away. */
  set(key: number, time: number): void {
    if ((this.#timeOf.get(key) ?? Number.POSITIVE_INFINITY) === time) return;
    if (time === Number.POSITIVE_INFINITY) {
      this.#timeOf.delete(key);
      return;
    }
    this.#timeOf.set(key, time);
    this.#heap.push({ time, key });
    this.#rise(this.#heap.length - 1);
  }

  /** Takes the earliest timer, which there is, off; returns its key. */
  take(): number {
    this.#dropReplaced();
    const { key } = this.#heap[0];
    this.#timeOf.delete(key);
    this.#removeFirst();
    return key;
  }

  #dropReplaced(): void {
    for (let first = this.#heap.at(0); first !== undefined; first = this.#heap.at(0)) {
      if (this.#timeOf.get(first.key) === first.time) return;
      this.#removeFirst();
    }
  }

  #removeFirst(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink(0);
  }

  #rise(from: number): void {
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!this.#isBefore(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #sink(from: number): void {
    for (let at = from; ; ) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) if (child < this.#heap.length && this.#isBefore(child, least)) least = child;
      if (least === at) return;
      this.#swap(at, least);
      at = least;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const left = this.#heap[a];
    const right = this.#heap[b];
    return left.time < right.time || (left.time === right.time && left.key < right.key);
  }

  #swap(a: number, b: number): void {
    const held = this.#heap[a];
    this.#heap[a] = this.#heap[b];
    this.#heap[b] = held;
  }
}
