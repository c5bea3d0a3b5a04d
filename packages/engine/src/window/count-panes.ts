import type { AggregateSet } from "../aggregate/aggregate-set.ts";
import { grownFloat64, grownInt32 } from "../state/grown-array.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";

/**
 * The records of each key in order of arrival, as panes of equally many records, so that every window is a run of whole
 * panes: a record is aggregated once, and a window merges its panes. A key has as many panes as a window, in a ring.
 */
export class CountPanes {
  readonly #aggregates: AggregateSet;
  readonly #size: number;
  readonly #slide: number;
  /** Records of a pane. */
  readonly #length: number;
  /** Panes of a window. */
  readonly #ring: number;
  /** By key: records so far. */
  #counts: Float64Array = new Float64Array(16);
  /** By key, for each place of its ring: the slot of the pane; 0 = none. */
  #slots: Int32Array;
  /** By slot: the latest time of its records; NaN = none has one. */
  #times: Float64Array = new Float64Array(16);
  /** By key: the same of all its records. */
  #latest: Float64Array = new Float64Array(16).fill(Number.NaN);
  readonly #result = new Int32Array(1);
  #into: Int32Array;
  #from: Int32Array;
  /** Latest event time of the records of the last window that was merged. */
  resultTime = Number.NaN;

  constructor(aggregates: AggregateSet, size: number, slide: number) {
    this.#aggregates = aggregates;
    this.#size = size;
    this.#slide = slide;
    this.#length = greatestCommonDivisor(size, slide);
    this.#ring = size / this.#length;
    this.#slots = new Int32Array(16 * this.#ring);
    this.#result[0] = aggregates.allocate();
    this.#into = new Int32Array(this.#ring).fill(this.#result[0]);
    this.#from = new Int32Array(this.#ring);
  }

  /** Approximate bytes held, without what the slots hold. */
  get bytes(): number {
    return this.#slots.byteLength + (this.#counts.length + this.#times.length + this.#latest.length) * 8;
  }

  /** Latest event time of a key's records; NaN when there are none. */
  latest(key: number): number {
    return key < this.#latest.length ? this.#latest[key] : Number.NaN;
  }

  /** The slot to add the next record of a key to. */
  take(key: number, timeMs: number): number {
    this.#reserve(key + 1);
    const pane = Math.floor(this.#counts[key] / this.#length);
    const place = key * this.#ring + (pane % this.#ring);
    if (this.#counts[key] % this.#length === 0) this.#begin(place);
    this.#counts[key]++;
    const slot = this.#slots[place];
    if (!(timeMs <= this.#times[slot]) && !Number.isNaN(timeMs)) this.#times[slot] = timeMs;
    if (!(timeMs <= this.#latest[key]) && !Number.isNaN(timeMs)) this.#latest[key] = timeMs;
    return slot;
  }

  /** The window that the latest record of a key completes; -1 when it completes none. */
  completed(key: number): number {
    const beyond = this.#counts[key] - this.#size;
    return beyond >= 0 && beyond % this.#slide === 0 ? beyond / this.#slide : -1;
  }

  /** The windows of a key that have records and wait for more. */
  incomplete(key: number): { readonly first: number; readonly last: number } {
    const first = Math.max(0, Math.floor((this.#counts[key] - this.#size) / this.#slide) + 1);
    return { first, last: Math.ceil(this.#counts[key] / this.#slide) - 1 };
  }

  /** A slot with the aggregates of a window, complete or not; it is written anew by the next call. */
  resultOf(key: number, window: number): number {
    const first = (window * this.#slide) / this.#length;
    const end = Math.min(first + this.#ring, Math.ceil(this.#counts[key] / this.#length));
    this.#aggregates.clear("subtractable", this.#result, 1);
    this.#aggregates.clear("mergeable", this.#result, 1);
    this.resultTime = Number.NaN;
    for (let pane = first; pane < end; pane++) {
      const slot = this.#slots[key * this.#ring + (pane % this.#ring)];
      this.#from[pane - first] = slot;
      if (!(this.#times[slot] <= this.resultTime) && !Number.isNaN(this.#times[slot])) this.resultTime = this.#times[slot];
    }
    this.#aggregates.merge("subtractable", this.#into, this.#from, end - first);
    this.#aggregates.merge("mergeable", this.#into, this.#from, end - first);
    return this.#result[0];
  }

  /** Keys with records, ascending by id. */
  keys(): readonly number[] {
    const keys: number[] = [];
    for (let key = 0; key < this.#counts.length; key++) if (this.#counts[key] > 0) keys.push(key);
    return keys;
  }

  /** Forgets a key. */
  remove(key: number): void {
    for (let place = key * this.#ring; place < (key + 1) * this.#ring; place++) this.#free(place);
    this.#counts[key] = 0;
    this.#latest[key] = Number.NaN;
  }

  /** Whether a key has records. */
  holds(key: number): boolean {
    return key < this.#counts.length && this.#counts[key] > 0;
  }

  /** Writes the records of a key and forgets them. */
  moveOut(key: number, writer: SnapshotWriter): void {
    this.#write(writer, Int32Array.of(key));
    this.remove(key);
  }

  /** Takes back what `moveOut` wrote. */
  moveIn(key: number, reader: SnapshotReader): void {
    this.#read(reader, Int32Array.of(key));
  }

  snapshot(writer: SnapshotWriter): void {
    const keys = Int32Array.from(this.keys());
    writer.i32Array(keys);
    this.#write(writer, keys);
  }

  #write(writer: SnapshotWriter, keys: Int32Array): void {
    const slots = this.#slotsOf(keys);
    writer.f64Array(Float64Array.from(keys, (key) => this.#counts[key]));
    writer.f64Array(Float64Array.from(keys, (key) => this.#latest[key]));
    writer.f64Array(Float64Array.from(slots, (slot) => this.#times[slot]));
    this.#aggregates.snapshot(writer, slots, slots.length);
  }

  /** Returns the keys. */
  restore(reader: SnapshotReader): Int32Array {
    const keys = reader.i32Array();
    this.#read(reader, keys);
    return keys;
  }

  #read(reader: SnapshotReader, keys: Int32Array): void {
    const counts = reader.f64Array();
    const latest = reader.f64Array();
    keys.forEach((key, i) => {
      this.#reserve(key + 1);
      this.#counts[key] = counts[i];
      this.#latest[key] = latest[i];
      const panes = Math.min(this.#ring, Math.ceil(counts[i] / this.#length));
      const last = Math.ceil(counts[i] / this.#length) - 1;
      for (let pane = last - panes + 1; pane <= last; pane++) this.#begin(key * this.#ring + (pane % this.#ring));
    });
    const slots = this.#slotsOf(keys);
    reader.f64Array().forEach((time, i) => {
      this.#times[slots[i]] = time;
    });
    this.#aggregates.restore(reader, slots, slots.length);
  }

  #slotsOf(keys: Int32Array): Int32Array {
    const slots: number[] = [];
    for (const key of keys) {
      for (let place = key * this.#ring; place < (key + 1) * this.#ring; place++)
        if (this.#slots[place] !== 0) slots.push(this.#slots[place]);
    }
    return Int32Array.from(slots);
  }

  /** Makes room for a new pane in the place of the one that no window needs any more. */
  #begin(place: number): void {
    this.#free(place);
    const slot = this.#aggregates.allocate();
    this.#times = grownFloat64(this.#times, slot + 1);
    this.#times[slot] = Number.NaN;
    this.#slots[place] = slot;
  }

  #free(place: number): void {
    if (this.#slots[place] === 0) return;
    this.#from[0] = this.#slots[place];
    this.#aggregates.free(this.#from, 1);
    this.#slots[place] = 0;
  }

  #reserve(keys: number): void {
    if (keys <= this.#counts.length) return;
    const before = this.#latest.length;
    this.#counts = grownFloat64(this.#counts, keys);
    this.#latest = grownFloat64(this.#latest, keys);
    this.#latest.fill(Number.NaN, before);
    this.#slots = grownInt32(this.#slots, this.#counts.length * this.#ring);
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
