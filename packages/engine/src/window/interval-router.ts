import { type Batch, maxBatchRows } from "../column/batch.ts";
import type { IntervalGroups } from "./interval-groups.ts";

/** Parts the records of a batch into those whose interval is open, those that are late, and those without a time. */
export class IntervalRouter {
  readonly rows = new Int32Array(maxBatchRows);
  /** Of each of `rows`: the number of its interval. */
  readonly intervals = new Float64Array(maxBatchRows);
  count = 0;
  /** Where runs of records in a row that are in one interval end, ascending; the first begins at 0, each other one where that before it ends. */
  readonly runEnds = new Int32Array(maxBatchRows);
  runCount = 0;
  readonly lateRows = new Int32Array(maxBatchRows);
  lateCount = 0;
  /** Total since the start. */
  withoutTime = 0;

  route(batch: Batch, groups: IntervalGroups): void {
    const { selection, selected, time } = batch;
    this.count = 0;
    this.runCount = 0;
    this.lateCount = 0;
    for (let i = 0; i < selected; i++) {
      const row = selection === null ? i : selection[i];
      const interval = groups.intervalAt(time[row]);
      if (groups.isOpen(interval)) i = this.#takeWhile(batch, i, interval, groups) - 1;
      else if (Number.isNaN(time[row])) this.withoutTime++;
      else this.lateRows[this.lateCount++] = row;
    }
  }

  /** Takes the records from `from` on, as long as they are in one interval; returns where that ends. */
  #takeWhile({ selection, selected, time }: Batch, from: number, interval: number, groups: IntervalGroups): number {
    const { rows, intervals } = this;
    const startMs = groups.startMs(interval);
    const endMs = startMs + groups.sizeMs;
    const begin = this.count;
    let count = begin;
    let i = from;
    if (selection === null) for (; i < selected && time[i] >= startMs && time[i] < endMs; i++) rows[count++] = i;
    else for (; i < selected && time[selection[i]] >= startMs && time[selection[i]] < endMs; i++) rows[count++] = selection[i];
    // Where rounding puts a time beside the bounds of its own interval.
    if (i === from) {
      rows[count++] = selection === null ? i : selection[i];
      i++;
    }
    intervals.fill(interval, begin, count);
    this.count = count;
    this.runEnds[this.runCount++] = count;
    return i;
  }
}
