import { type Batch, maxBatchRows } from "../column/batch.ts";
import type { SliceLayout } from "./slice-layout.ts";

/** Where the records of a slice go. */
type Route = "add" | "refire" | "late" | "outside";

/**
 * Sorts the records of a batch by what their windows need. The decision is made once for records in a row
 * that fall into one slice.
 */
export class RecordRouter {
  readonly #layout: SliceLayout;
  /** Rows to add to slices, and the slices: run `r` is `rows[runStarts[r]…runStarts[r + 1])`, all in slice `runSlices[r]`. */
  readonly rows = new Int32Array(maxBatchRows);
  readonly runStarts = new Int32Array(maxBatchRows + 1);
  readonly runSlices = new Float64Array(maxBatchRows);
  runCount = 0;
  rowCount = 0;
  /** Rows that change windows which have fired and are still open, in order, each with its slice. */
  readonly refireRows = new Int32Array(maxBatchRows);
  readonly refireSlices = new Float64Array(maxBatchRows);
  refireCount = 0;
  /** Rows for which all windows are closed. */
  readonly lateRows = new Int32Array(maxBatchRows);
  lateCount = 0;
  /** Totals since the start. */
  partiallyLate = 0;
  outsideWindow = 0;
  withoutTime = 0;

  constructor(layout: SliceLayout) {
    this.#layout = layout;
  }

  /** `fired` and `closed`: the latest window that has fired, and that takes no records any more. */
  route(batch: Batch, fired: number, closed: number): void {
    const { selection, selected, time } = batch;
    this.runCount = 0;
    this.rowCount = 0;
    this.refireCount = 0;
    this.lateCount = 0;
    let startMs = Number.NaN;
    let endMs = Number.NaN;
    let slice = 0;
    let route: Route = "add";
    let partial = 0;
    for (let i = 0; i < selected; i++) {
      const row = selection === null ? i : selection[i];
      const at = time[row];
      if (route === "add" && partial === 0 && at >= startMs && at < endMs) {
        i = this.#addWhile(batch, i, startMs, endMs) - 1;
        continue;
      }
      if (!(at >= startMs && at < endMs)) {
        if (Number.isNaN(at)) {
          this.withoutTime++;
          continue;
        }
        slice = this.#layout.sliceAt(at);
        startMs = this.#layout.sliceStartMs(slice);
        endMs = this.#layout.sliceEndMs(slice);
        route = this.#routeOf(slice, fired, closed);
        partial = (route === "add" || route === "refire") && this.#layout.firstWindow(slice) <= closed ? 1 : 0;
        if (route === "add") this.#startRun(slice);
      }
      this.partiallyLate += partial;
      if (route === "add") this.rows[this.rowCount++] = row;
      else if (route === "refire") {
        this.refireSlices[this.refireCount] = slice;
        this.refireRows[this.refireCount++] = row;
      } else if (route === "late") this.lateRows[this.lateCount++] = row;
      else this.outsideWindow++;
    }
    this.runStarts[this.runCount] = this.rowCount;
  }

  /** Adds the records from `from` on to the run that is open, as long as their times are in its slice; returns where that ends. */
  #addWhile({ selection, selected, time }: Batch, from: number, startMs: number, endMs: number): number {
    const rows = this.rows;
    let count = this.rowCount;
    let i = from;
    if (selection === null) for (; i < selected && time[i] >= startMs && time[i] < endMs; i++) rows[count++] = i;
    else for (; i < selected && time[selection[i]] >= startMs && time[selection[i]] < endMs; i++) rows[count++] = selection[i];
    this.rowCount = count;
    return i;
  }

  #routeOf(slice: number, fired: number, closed: number): Route {
    const first = this.#layout.firstWindow(slice);
    const last = this.#layout.lastWindow(slice);
    if (first > last) return "outside";
    if (last <= closed) return "late";
    return Math.max(first, closed + 1) <= fired ? "refire" : "add";
  }

  #startRun(slice: number): void {
    this.runStarts[this.runCount] = this.rowCount;
    this.runSlices[this.runCount++] = slice;
  }
}
