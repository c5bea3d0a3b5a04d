import { type Batch, maxBatchRows, RowKind, withSelection } from "../column/batch.ts";
import { type BatchBuilder, createBatchBuilder } from "../column/batch-builder.ts";
import type { ColumnBuilder } from "../column/column-builder.ts";
import type { Collector } from "../dataflow/operator.ts";
import type { PlanStep } from "../plan/logical-plan.ts";
import type { RowStore } from "../state/row-store.ts";

const outPort = 0;

/**
 * Writes joined rows out of the rows that are kept of both sides: the fields of the left, then `between` fields that
 * the join writes itself, then those of the right. Rows are collected to batches until `flush`, which must come
 * before any of them is removed.
 */
export class JoinEmitter {
  readonly #builder: BatchBuilder;
  readonly #left: RowStore;
  readonly #right: RowStore;
  readonly #leftFields: number;
  readonly #firstRight: number;
  readonly #lefts = new Int32Array(maxBatchRows);
  readonly #rights = new Int32Array(maxBatchRows);
  #count = 0;

  constructor(step: PlanStep, left: RowStore, right: RowStore, between = 0) {
    const live = step.liveFields.out;
    this.#builder = createBatchBuilder(step.outputs.out.fields, live === undefined ? {} : { live });
    this.#left = left;
    this.#right = right;
    this.#leftFields = step.inputs[0].fields.length;
    this.#firstRight = this.#leftFields + between;
  }

  /** Rows that wait for `flush`; the next row will be this one. */
  get rows(): number {
    return this.#count;
  }

  /** The column of field `i` between those of both sides; null when nothing reads it. */
  between(i: number): ColumnBuilder | null {
    return this.#builder.columns[this.#leftFields + i];
  }

  /** Adds a row of the rows at both slots; -1 stands for a row of NULLs. */
  add(left: number, right: number, timeMs: number, out: Collector, kind: number = RowKind.insert): void {
    const row = this.#count++;
    this.#lefts[row] = left;
    this.#rights[row] = right;
    this.#builder.time[row] = timeMs;
    this.#builder.setKind(row, kind);
    if (this.#count === maxBatchRows) this.flush(out);
  }

  /**
   * Emits `rows[0…count)` of a batch of the left, as they are, with the right rows at `rights`, by row of the batch; -1 stands for NULLs.
   * Nothing has been collected, and the join writes no fields itself.
   */
  emitRows(batch: Batch, rows: Int32Array, count: number, rights: Int32Array, watermark: number, out: Collector): void {
    const end = rows[count - 1] + 1;
    const { columns } = this.#builder;
    for (let field = this.#leftFields; field < columns.length; field++) {
      const column = columns[field];
      if (column !== null) this.#right.write(field - this.#leftFields, rights, end, column);
    }
    const whole = this.#builder.buildBehind(batch, this.#leftFields, end);
    out.emit(outPort, count === end ? whole : withSelection(whole, rows, count), watermark);
  }

  /** Emits what has been collected. */
  flush(out: Collector): void {
    if (this.#count === 0) return;
    const { columns } = this.#builder;
    for (let field = 0; field < columns.length; field++) {
      const column = columns[field];
      if (column === null) continue;
      if (field < this.#leftFields) this.#left.write(field, this.#lefts, this.#count, column);
      else if (field >= this.#firstRight) this.#right.write(field - this.#firstRight, this.#rights, this.#count, column);
    }
    this.#builder.commit(this.#count);
    this.#count = 0;
    out.emit(outPort, this.#builder.build());
  }
}
