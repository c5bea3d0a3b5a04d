import { endOfTime, noWatermark, type WatermarkStrategy } from "./watermark.ts";

interface Split {
  /** Greatest time seen. */
  maxTime: number;
  /** Monotonic ms of the last record (or of its discovery). */
  lastRecordAt: number;
  idle: boolean;
  /** Nothing will come of it any more. */
  ended: boolean;
}

/** What must survive a restart. */
export interface SplitWatermarksState {
  readonly emitted: number | null;
  /** `idle` and `ended` are not there where false, nor in checkpoints of earlier versions, which took all splits for active. */
  readonly splits: readonly {
    readonly split: string;
    readonly maxTime: number | null;
    readonly idle?: boolean;
    readonly ended?: boolean;
  }[];
}

/**
 * Watermark of a source: per split `max(time) - disorder - 1`, over the splits the minimum of the active
 * ones, never going back. A split is idle when it has had no record for the idle timeout; the host must
 * not count time in which it was itself blocked (see `resume`).
 */
export class SplitWatermarks {
  readonly #strategy: WatermarkStrategy;
  readonly #splits = new Map<string, Split>();
  #emitted = noWatermark;

  constructor(strategy: WatermarkStrategy) {
    this.#strategy = strategy;
  }

  /** The watermark that was emitted last. */
  get emitted(): number {
    return this.#emitted;
  }

  /** True when every known split that has not ended is idle (and there is one). */
  get idle(): boolean {
    let any = false;
    for (const split of this.#splits.values()) {
      if (split.ended) continue;
      if (!split.idle) return false;
      any = true;
    }
    return any;
  }

  /** The least watermark of the splits that count and have had a record with a time; infinite when there is none. */
  get least(): number {
    let least = Number.POSITIVE_INFINITY;
    for (const split of this.#splits.values()) {
      if (counts(split) && split.maxTime > noWatermark && split.maxTime < least) least = split.maxTime;
    }
    return least - this.#strategy.disorderMs - 1;
  }

  /** The splits whose own watermark is greater than `limit`. */
  beyond(limit: number): ReadonlySet<string> {
    const found = new Set<string>();
    for (const [name, split] of this.#splits) {
      if (counts(split) && split.maxTime - this.#strategy.disorderMs - 1 > limit) found.add(name);
    }
    return found;
  }

  /** Whether every split that has not ended is one of these. */
  allIn(names: ReadonlySet<string>): boolean {
    for (const [name, { ended }] of this.#splits) if (!ended && !names.has(name)) return false;
    return true;
  }

  /** The split's own watermark: what a record of it is judged by. */
  splitWatermark(split: string): number {
    const known = this.#splits.get(split);
    return known === undefined ? noWatermark : known.maxTime - this.#strategy.disorderMs - 1;
  }

  /** Whether its watermark does not count just now, and will once it has a record. */
  isIdle(split: string): boolean {
    return this.#splits.get(split)?.idle ?? false;
  }

  /** A split is there, with or without records: the watermark waits for it, but does not go back. `nowMs` is monotonic. */
  register(split: string, nowMs: number): void {
    if (!this.#splits.has(split)) this.#splits.set(split, { maxTime: noWatermark, lastRecordAt: nowMs, idle: false, ended: false });
  }

  /** Nothing will come of `split` any more: it leaves the minimum. */
  finish(split: string): void {
    const known = this.#splits.get(split);
    if (known !== undefined) known.ended = true;
  }

  /** Records of `split` came, the newest of them at `maxTime` (NaN or -Infinity: none had a time). `nowMs` is monotonic. */
  observe(split: string, maxTime: number, nowMs: number): void {
    const known = this.#splits.get(split);
    if (known === undefined) {
      this.#splits.set(split, { maxTime: maxTime > noWatermark ? maxTime : noWatermark, lastRecordAt: nowMs, idle: false, ended: false });
      return;
    }
    if (maxTime > known.maxTime) known.maxTime = maxTime;
    known.lastRecordAt = nowMs;
    known.idle = false;
    known.ended = false;
  }

  /** Marks splits without records for the idle timeout; true when any became idle. */
  checkIdle(nowMs: number): boolean {
    const timeout = this.#strategy.idleTimeoutMs;
    if (timeout === null) return false;
    let changed = false;
    for (const split of this.#splits.values()) {
      if (counts(split) && nowMs - split.lastRecordAt >= timeout) {
        split.idle = true;
        changed = true;
      }
    }
    return changed;
  }

  /** Marks splits that somebody else has found to be idle. */
  markIdle(splits: readonly string[]): void {
    for (const name of splits) {
      const split = this.#splits.get(name);
      if (split !== undefined) split.idle = true;
    }
  }

  /** The host was blocked (back-pressure, alignment) until now: that time is no idleness. `of`: only of these splits. */
  resume(nowMs: number, of: ReadonlySet<string> | null = null): void {
    for (const [name, split] of this.#splits) if (!split.idle && (of === null || of.has(name))) split.lastRecordAt = nowMs;
  }

  /** The source's watermark if it has advanced since the last call, else null. */
  advance(): number | null {
    let minimum = Number.POSITIVE_INFINITY;
    for (const split of this.#splits.values()) if (counts(split) && split.maxTime < minimum) minimum = split.maxTime;
    if (minimum === Number.POSITIVE_INFINITY) return null;
    return this.#raise(minimum - this.#strategy.disorderMs - 1);
  }

  /** The source's watermark is at least `watermark` (processing time, end of input). */
  raiseTo(watermark: number): number | null {
    return this.#raise(watermark);
  }

  /** A bounded source has ended. */
  end(): number | null {
    return this.#raise(endOfTime);
  }

  snapshot(): SplitWatermarksState {
    const finite = (value: number) => (Number.isFinite(value) ? value : null);
    return {
      emitted: finite(this.#emitted),
      splits: [...this.#splits].map(([split, { maxTime, idle, ended }]) => ({
        split,
        maxTime: finite(maxTime),
        ...(idle ? { idle } : {}),
        ...(ended ? { ended } : {}),
      })),
    };
  }

  restore(state: SplitWatermarksState, nowMs: number): void {
    this.#emitted = state.emitted ?? noWatermark;
    for (const { split, maxTime, idle = false, ended = false } of state.splits) {
      this.#splits.set(split, { maxTime: maxTime ?? noWatermark, lastRecordAt: nowMs, idle, ended });
    }
  }

  #raise(watermark: number): number | null {
    if (!(watermark > this.#emitted)) return null;
    this.#emitted = watermark;
    return watermark;
  }
}

/** Whether the watermark waits for it. */
function counts({ idle, ended }: Split): boolean {
  return !idle && !ended;
}
