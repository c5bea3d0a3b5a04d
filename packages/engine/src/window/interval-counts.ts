import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";

/** How many of something are outside of memory, by number of the interval or window that they are in. */
export class IntervalCounts {
  readonly #counts = new Map<number, number>();
  #total = 0;

  get total(): number {
    return this.#total;
  }

  /** The first interval that has any; infinite when none has. */
  get first(): number {
    let first = Number.POSITIVE_INFINITY;
    for (const interval of this.#counts.keys()) first = Math.min(first, interval);
    return first;
  }

  has(interval: number): boolean {
    return this.#counts.has(interval);
  }

  add(interval: number, count: number): void {
    const sum = (this.#counts.get(interval) ?? 0) + count;
    this.#total += count;
    if (sum === 0) this.#counts.delete(interval);
    else this.#counts.set(interval, sum);
  }

  dropBefore(interval: number): void {
    for (const [at, count] of this.#counts) if (at < interval) this.add(at, -count);
  }

  snapshot(writer: SnapshotWriter): void {
    writer.f64Array(Float64Array.from(this.#counts.keys()));
    writer.f64Array(Float64Array.from(this.#counts.values()));
  }

  restore(reader: SnapshotReader): void {
    const intervals = reader.f64Array();
    reader.f64Array().forEach((count, i) => {
      this.add(intervals[i], count);
    });
  }
}
