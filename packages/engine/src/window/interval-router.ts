import { type Batch, maxBatchRows } from "../column/batch.ts";
import type { IntervalGroups } from "./interval-groups.ts";

/** Parts the records of a batch into those whose interval is open, those that are late, and those without a time. */
export class IntervalRouter {
  readonly rows = new Int32Array(maxBatchRows);
  /** Of each of `rows`: the number of its interval. */
  readonly intervals = new Float64Array(maxBatchRows);
  count = 0;
  readonly lateRows = new Int32Array(maxBatchRows);
  lateCount = 0;
  /** Total since the start. */
  withoutTime = 0;

  route({ selection, selected, time }: Batch, groups: IntervalGroups): void {
    this.count = 0;
    this.lateCount = 0;
    for (let i = 0; i < selected; i++) {
      const row = selection === null ? i : selection[i];
      const interval = groups.intervalAt(time[row]);
      if (groups.isOpen(interval)) {
        this.intervals[this.count] = interval;
        this.rows[this.count++] = row;
      } else if (Number.isNaN(time[row])) this.withoutTime++;
      else this.lateRows[this.lateCount++] = row;
    }
  }
}
