import type { AggregateSet } from "../aggregate/aggregate-set.ts";
import { maxBatchRows } from "../column/batch.ts";
import { grownInt32 } from "../state/grown-array.ts";
import { momentOf, width } from "./look-back-keys.ts";

const totalsAtOnce = 64;
/** Times are counted anew from here on. */
const mostMoments = 2 ** 30;

/**
 * Records that enter and leave ranges, as lists of slots: what they do to the totals of their keys is done for all at once,
 * in loops whose reads do not wait for each other, which costs a fraction where there are many keys.
 */
export class LookBackRun {
  readonly #aggregates: AggregateSet;
  /** Records that enter, and the totals of their keys. */
  readonly #entering = new Int32Array(maxBatchRows);
  readonly totals = new Int32Array(maxBatchRows);
  count = 0;
  /** The how-manieth time it is whose records enter, and the one with which this run began. */
  moment = 0;
  #since = 0;
  /** Records that leave others behind, and the totals of their keys. */
  #leaving: Int32Array = new Int32Array(maxBatchRows);
  #reduced: Int32Array = new Int32Array(maxBatchRows);
  #leavingCount = 0;
  /** All records that leave. */
  #gone: Int32Array = new Int32Array(maxBatchRows);
  #goneCount = 0;
  /** Totals of keys that no record is left of. */
  #emptied: Int32Array = new Int32Array(maxBatchRows);
  #emptiedCount = 0;
  /** Empty slots for totals, which are taken many at once: those of different keys then lie side by side, not each among the records of its time. */
  #spare: Int32Array = new Int32Array(totalsAtOnce);
  #spareCount = 0;

  constructor(aggregates: AggregateSet) {
    this.#aggregates = aggregates;
  }

  /** Records of another time enter from now on. `ofKeys`: what is known of all keys. */
  begin(ofKeys: Int32Array): void {
    if (++this.moment < mostMoments) return;
    for (let at = momentOf; at < ofKeys.length; at += width) ofKeys[at] = 0;
    this.moment = 1;
    this.#since = 1;
  }

  /** Whether there is a record of a key, whose last entered at `moment`. */
  has(moment: number): boolean {
    return this.count > 0 && moment >= this.#since;
  }

  /** As `has`, of records of an earlier time. */
  hasEarlier(moment: number): boolean {
    return moment < this.moment && this.has(moment);
  }

  /** An empty slot for the totals of a key. */
  takeTotal(): number {
    if (this.#spareCount === 0) {
      this.#spare = grownInt32(this.#spare, totalsAtOnce);
      // The first of them is taken first.
      for (let i = totalsAtOnce - 1; i >= 0; i--) this.#spare[i] = this.#aggregates.allocate();
      this.#spareCount = totalsAtOnce;
    }
    return this.#spare[--this.#spareCount];
  }

  /** At most `maxBatchRows` enter before `settle`. */
  enter(slot: number, total: number): void {
    this.#entering[this.count] = slot;
    this.totals[this.count++] = total;
  }

  leave(slot: number, total: number, isLast: boolean): void {
    this.#gone = grownInt32(this.#gone, this.#goneCount + 1);
    this.#gone[this.#goneCount++] = slot;
    if (isLast) {
      this.#emptied = grownInt32(this.#emptied, this.#emptiedCount + 1);
      this.#emptied[this.#emptiedCount++] = total;
      return;
    }
    this.#leaving = grownInt32(this.#leaving, this.#leavingCount + 1);
    this.#reduced = grownInt32(this.#reduced, this.#leavingCount + 1);
    this.#leaving[this.#leavingCount] = slot;
    this.#reduced[this.#leavingCount++] = total;
  }

  /** Starts over with no records, after what was settled has been read. */
  clear(): void {
    this.count = 0;
    this.#since = this.moment;
  }

  #keepSpare(): void {
    this.#spare = grownInt32(this.#spare, this.#spareCount + this.#emptiedCount);
    this.#spare.set(this.#emptied.subarray(0, this.#emptiedCount), this.#spareCount);
    this.#spareCount += this.#emptiedCount;
  }

  /** Brings the totals up to date, and gives the slots of records up that have left. */
  settle(): void {
    const aggregates = this.#aggregates;
    if (this.#goneCount > 0) {
      aggregates.subtract(this.#reduced, this.#leaving, this.#leavingCount);
      aggregates.clear("subtractable", this.#emptied, this.#emptiedCount);
      this.#keepSpare();
      aggregates.mark(this.#gone, this.#goneCount);
      aggregates.free(this.#gone, this.#goneCount);
    }
    aggregates.merge("subtractable", this.totals, this.#entering, this.count);
    this.#leavingCount = 0;
    this.#goneCount = 0;
    this.#emptiedCount = 0;
  }
}
