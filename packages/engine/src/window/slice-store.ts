import { Slice } from "./slice.ts";

/** The live slices, ordered by index. */
export class SliceStore {
  readonly #slices: Slice[] = [];
  readonly #byIndex = new Map<number, Slice>();
  #latest: Slice | undefined;

  /** Ascending by index. */
  get slices(): readonly Slice[] {
    return this.#slices;
  }

  /** The slice of an index, new and empty when there is none. */
  obtain(index: number): Slice {
    if (this.#latest?.index === index) return this.#latest;
    this.#latest = this.#byIndex.get(index) ?? this.#insert(new Slice(index));
    return this.#latest;
  }

  /** Position of the first slice with at least this index. */
  positionOf(index: number): number {
    const slices = this.#slices;
    let low = 0;
    let high = slices.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (slices[middle].index < index) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The slices with `from <= index < to`, ascending. */
  between(from: number, to: number): readonly Slice[] {
    return this.#slices.slice(this.positionOf(from), this.positionOf(to));
  }

  /** Removes and returns the slices with an index below `index`. */
  dropBefore(index: number): readonly Slice[] {
    const dropped = this.#slices.splice(0, this.positionOf(index));
    for (const slice of dropped) this.#byIndex.delete(slice.index);
    if (dropped.length > 0) this.#latest = undefined;
    return dropped;
  }

  #insert(slice: Slice): Slice {
    this.#slices.splice(this.positionOf(slice.index), 0, slice);
    this.#byIndex.set(slice.index, slice);
    return slice;
  }
}
