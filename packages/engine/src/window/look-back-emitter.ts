import { type Batch, maxBatchRows, withSelection } from "../column/batch.ts";
import { type BatchBuilder, createBatchBuilder } from "../column/batch-builder.ts";
import type { ColumnBuilder } from "../column/column-builder.ts";
import type { Collector } from "../dataflow/operator.ts";
import type { PlanStep } from "../plan/logical-plan.ts";
import type { LookBackRanges } from "./look-back-ranges.ts";
import type { PendingRecords } from "./pending-records.ts";

/** Writes records with the aggregates of their ranges behind their fields. Rows are collected to batches until `flush`. */
export class LookBackEmitter {
  readonly #builder: BatchBuilder;
  readonly #pending: PendingRecords;
  readonly #ranges: LookBackRanges;
  readonly #fields: number;
  readonly #results: readonly (ColumnBuilder | null)[];
  readonly #rows = new Int32Array(maxBatchRows);
  /** Rows with their aggregates, and behind them those whose aggregates are still to be written. */
  #count = 0;
  #awaited = 0;

  constructor(step: PlanStep, pending: PendingRecords, ranges: LookBackRanges) {
    const live = step.liveFields.out;
    this.#builder = createBatchBuilder(step.outputs.out.fields, live === undefined ? {} : { live });
    this.#pending = pending;
    this.#ranges = ranges;
    this.#fields = step.inputs[0].fields.length;
    this.#results = this.#builder.columns.slice(this.#fields);
  }

  /** Adds a record with the aggregates of its key as they are now; it is removed with the next `flush`. */
  add(row: number, key: number, timeMs: number, out: Collector): void {
    this.#ranges.write(key, this.#results, this.#count);
    this.#builder.time[this.#count] = timeMs;
    this.#rows[this.#count++] = row;
    if (this.#count === maxBatchRows) this.flush(out);
  }

  /** Rows that still fit. */
  get free(): number {
    return maxBatchRows - this.#count - this.#awaited;
  }

  /** No rows wait for their aggregates. */
  get isSettled(): boolean {
    return this.#awaited === 0;
  }

  get isEmpty(): boolean {
    return this.#count + this.#awaited === 0;
  }

  /** Adds the records `rows[from…to)`, which have entered the run of the ranges last; their aggregates are those at the next `settle`. */
  await(rows: Int32Array, from: number, to: number): void {
    const at = this.#count + this.#awaited;
    this.#rows.set(rows.subarray(from, to), at);
    this.#pending.writeTimes(rows, from, to, this.#builder.time, at);
    this.#awaited += to - from;
  }

  /** Brings the ranges up to date, and writes the aggregates of the records that wait for that. */
  settle(out: Collector): void {
    this.settleAt(this.#count);
    this.#count += this.#awaited;
    this.#awaited = 0;
    if (this.#count === maxBatchRows) this.flush(out);
  }

  /** As `add`, of row `row` of a batch that goes on with `emitRows`. */
  writeAt(row: number, key: number): void {
    this.#ranges.write(key, this.#results, row);
  }

  /** As `settle`, of the run of the ranges, whose records are those of a batch from row `row` on, which goes on with `emitRows`. */
  settleAt(row: number): void {
    const { run } = this.#ranges;
    run.settle();
    run.write(this.#results, row);
    run.clear();
  }

  /**
   * Emits `rows[0…count)` of a batch, which lie side by side, as they are, with the aggregates that were written at them. Nothing has been
   * collected.
   */
  emitRows(batch: Batch, rows: Int32Array, count: number, watermark: number, out: Collector): void {
    const end = rows[0] + count;
    const whole = this.#builder.buildBehind(batch, this.#fields, end);
    out.emit(0, count === end ? whole : withSelection(whole, rows, count), watermark);
  }

  /** Emits what has been collected. */
  flush(out: Collector): void {
    const count = this.#count;
    if (count === 0) return;
    for (let field = 0; field < this.#fields; field++) {
      const column = this.#builder.columns[field];
      if (column !== null) this.#pending.write(field, this.#rows, count, column);
    }
    this.#pending.removeAll(this.#rows, count);
    this.#builder.commit(count);
    this.#count = 0;
    out.emit(0, this.#builder.build());
  }
}
