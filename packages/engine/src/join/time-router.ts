import { type Batch, maxBatchRows } from "../column/batch.ts";

/** Parts the records of a batch into those on time, those that are late, and those without a time. */
export class TimeRouter {
  /** Rows with a time after the watermark. */
  readonly rows = new Int32Array(maxBatchRows);
  count = 0;
  readonly lateRows = new Int32Array(maxBatchRows);
  lateCount = 0;
  /** Records of this batch without a time. */
  withoutTime = 0;

  /** `watermark`: records with at most this time are late. */
  route(batch: Batch, watermark: number): void {
    const { selection, selected, time } = batch;
    this.count = 0;
    this.lateCount = 0;
    this.withoutTime = 0;
    for (let i = 0; i < selected; i++) {
      const row = selection === null ? i : selection[i];
      if (time[row] > watermark) this.rows[this.count++] = row;
      else if (Number.isNaN(time[row])) this.withoutTime++;
      else this.lateRows[this.lateCount++] = row;
    }
  }
}
