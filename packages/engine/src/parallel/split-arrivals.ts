interface Arrival {
  /** Monotonic ms of the last record, or of the split's discovery. */
  at: number;
  isIdle: boolean;
}

/**
 * When records of the splits of a source arrived. Whether a split is idle is decided where the records arrive, as what is
 * known of them elsewhere is behind; it then has its place in the order of the run.
 */
export class SplitArrivals {
  readonly #timeoutMs: number | null;
  readonly #splits = new Map<string, Arrival>();
  #isTold = false;

  /** `timeoutMs` null: no split is ever idle. */
  constructor(timeoutMs: number | null) {
    this.#timeoutMs = timeoutMs;
  }

  has(split: string): boolean {
    return this.#splits.has(split);
  }

  /** A split is there, with or without records. */
  register(split: string, nowMs: number, isIdle = false): void {
    if (!this.#splits.has(split)) this.#splits.set(split, { at: nowMs, isIdle });
  }

  /** Records of a split came. */
  note(split: string, nowMs: number): void {
    this.#splits.set(split, { at: nowMs, isIdle: false });
    this.#isTold = false;
  }

  /** Nothing will come of a split any more. */
  end(split: string): void {
    this.#splits.delete(split);
  }

  /** Nothing could arrive until now: that time is no idleness. */
  resume(nowMs: number): void {
    for (const arrival of this.#splits.values()) if (!arrival.isIdle) arrival.at = nowMs;
  }

  /** The idle splits and whether there are no others, when that is news; also once after a restart. Else null. */
  news(nowMs: number): { readonly splits: readonly string[]; readonly isAll: boolean } | null {
    let isNews = false;
    for (const arrival of this.#splits.values()) {
      if (arrival.isIdle || this.#timeoutMs === null || nowMs - arrival.at < this.#timeoutMs) continue;
      arrival.isIdle = true;
      isNews = true;
    }
    const splits = [...this.#splits].flatMap(([split, { isIdle }]) => (isIdle ? [split] : []));
    const isAll = splits.length > 0 && splits.length === this.#splits.size;
    if (!isNews && (!isAll || this.#isTold)) return null;
    this.#isTold = isAll;
    return { splits, isAll };
  }
}
