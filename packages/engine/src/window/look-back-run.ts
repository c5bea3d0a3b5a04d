import type { AggregateSet } from "../aggregate/aggregate-set.ts";
import { maxBatchRows } from "../column/batch.ts";
import type { ColumnBuilder } from "../column/column-builder.ts";
import { grownInt32 } from "../state/grown-array.ts";
import { type LookBackKeys, momentOf } from "./look-back-keys.ts";

const fewestTotals = 64;
/** Runs are counted anew from here on. */
const mostMoments = 2 ** 30;

/**
 * Records that enter and leave ranges, as lists of slots: what they do to the totals of their keys is done for all at once,
 * in loops whose reads do not wait for each other, which costs a fraction where there are many keys.
 */
export class LookBackRun {
  readonly #aggregates: AggregateSet;
  readonly #keys: LookBackKeys;
  /** Records that enter, and the totals of their keys: slots, or where the keys lie that have theirs behind them. */
  readonly #entering = new Int32Array(maxBatchRows);
  readonly totals = new Int32Array(maxBatchRows);
  count = 0;
  /** The how-manieth run it is, from 1 on. */
  moment = 1;
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
  /**
   * Empty slots for totals, which are taken many at once, a quarter of what there is: those of different keys then lie side by side, not
   * each among the records of its time, and are few pages of memory.
   */
  #spare: Int32Array = new Int32Array(fewestTotals);
  #spareCount = 0;
  #totalCount = 0;

  constructor(aggregates: AggregateSet, keys: LookBackKeys) {
    this.#aggregates = aggregates;
    this.#keys = keys;
  }

  /** Whether there is a record of a key, whose last entered at `moment`. */
  has(moment: number): boolean {
    return moment === this.moment;
  }

  /** An empty slot for the totals of a key. */
  takeTotal(): number {
    if (this.#spareCount === 0) {
      const count = Math.max(fewestTotals, this.#totalCount >> 2);
      this.#spare = grownInt32(this.#spare, count);
      this.#aggregates.allocateAll(this.#spare, count);
      // The first of them is taken first.
      this.#spare.subarray(0, count).reverse();
      this.#spareCount = count;
      this.#totalCount += count;
    }
    return this.#spare[--this.#spareCount];
  }

  /** So many totals have been freed; with the last of them, those that are spare are. */
  forgetTotals(count: number): void {
    this.#totalCount -= count;
    if (this.#totalCount > this.#spareCount) return;
    this.#aggregates.free(this.#spare, this.#spareCount);
    this.#spareCount = 0;
    this.#totalCount = 0;
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
    if (this.count === 0) return;
    this.count = 0;
    if (++this.moment < mostMoments) return;
    const { ints, width } = this.#keys;
    for (let at = momentOf; at < ints.length; at += width) ints[at] = 0;
    this.moment = 1;
  }

  #keepSpare(): void {
    this.#spare = grownInt32(this.#spare, this.#spareCount + this.#emptiedCount);
    this.#spare.set(this.#emptied.subarray(0, this.#emptiedCount), this.#spareCount);
    this.#spareCount += this.#emptiedCount;
  }

  /** Writes the aggregates of the keys whose records have entered, as they were settled. */
  write(into: readonly (ColumnBuilder | null)[], row: number): void {
    if (this.#keys.running === null) this.#aggregates.write(this.totals, this.totals, 0, this.count, into, row);
    else this.#keys.write(this.totals, this.count, into, row);
  }

  /** Brings the totals up to date, and gives the slots of records up that have left. */
  settle(): void {
    const [aggregates, keys] = [this.#aggregates, this.#keys];
    const areSlots = keys.running === null;
    if (this.#goneCount > 0) {
      if (areSlots) {
        aggregates.subtract(this.#reduced, this.#leaving, this.#leavingCount);
        aggregates.clear("subtractable", this.#emptied, this.#emptiedCount);
        this.#keepSpare();
      } else {
        keys.merge(this.#reduced, this.#leaving, this.#leavingCount, -1);
        keys.clearTotals(this.#emptied, this.#emptiedCount);
      }
      aggregates.mark(this.#gone, this.#goneCount);
      aggregates.free(this.#gone, this.#goneCount);
    }
    if (areSlots) aggregates.merge("subtractable", this.totals, this.#entering, this.count);
    else keys.merge(this.totals, this.#entering, this.count, 1);
    this.#leavingCount = 0;
    this.#goneCount = 0;
    this.#emptiedCount = 0;
  }
}
