import type { Field } from "../types/field-type.ts";
import { type Batch, maxBatchRows, RowKind } from "./batch.ts";
import { type ColumnBuilder, createColumnBuilder } from "./column-builder.ts";

export interface BatchBuilderOptions {
  /** Most rows of a batch; default and upper limit `maxBatchRows`. */
  readonly capacity?: number;
  /** By field: false leaves the column out (null) because nothing reads it. Default: all are built. */
  readonly live?: readonly boolean[];
}

/**
 * Builds batches of typed rows. By column: write rows `rows…` of `columns`, `time` and, where a row is no
 * insert, `setKind`, then `commit` them. By row, at the edges of the engine: `appendRow`.
 *
 * `build` shares the builder's arrays, which are written again after it: the batch lives until the
 * next write, as batches do that an operator emits. Whoever keeps a batch uses a new builder for each.
 */
export class BatchBuilder {
  readonly capacity: number;
  readonly fields: readonly Field[];
  /** One per field; null where the field is not live. */
  readonly columns: readonly (ColumnBuilder | null)[];
  /** Event time of each row, ms since the epoch; NaN for none. */
  readonly time: Float64Array;
  #kinds: Uint8Array;
  #changelog = false;
  #rows = 0;

  constructor(fields: readonly Field[], options: BatchBuilderOptions) {
    const capacity = Math.min(options.capacity ?? maxBatchRows, maxBatchRows);
    this.capacity = capacity;
    this.fields = fields;
    this.columns = fields.map((field, i) => (options.live?.[i] === false ? null : createColumnBuilder(field.type, capacity)));
    this.time = new Float64Array(capacity);
    this.#kinds = new Uint8Array(capacity);
  }

  /** Rows committed since the last `build`. */
  get rows(): number {
    return this.#rows;
  }

  /** Rows that still fit. */
  get free(): number {
    return this.capacity - this.#rows;
  }

  /** Says what row `row` does to the table; rows are inserts unless told. */
  setKind(row: number, kind: number): void {
    this.#kinds[row] = kind;
    if (kind !== RowKind.insert) this.#changelog = true;
  }

  /** Makes the next `count` rows part of the batch; all their columns and times have been written. */
  commit(count: number): void {
    if (count > this.free) throw new RangeError(`a batch holds ${this.capacity} rows; ${this.#rows} and ${count} more do not fit`);
    this.#rows += count;
  }

  /** Appends one row of plain values in field order; NULL is null or undefined. `timeMs` NaN = no time. */
  appendRow(values: readonly unknown[], timeMs: number, kind: number = RowKind.insert): void {
    const row = this.#rows;
    this.commit(1);
    this.columns.forEach((column, i) => {
      column?.set(row, values[i]);
    });
    this.time[row] = timeMs;
    this.setKind(row, kind);
  }

  /** The committed rows as a batch; the builder starts anew. */
  build(): Batch {
    const length = this.#rows;
    const batch: Batch = {
      length,
      selection: null,
      selected: length,
      columns: this.columns.map((column) => column?.column() ?? null),
      time: this.time,
      kinds: this.#changelog ? this.#kinds : null,
    };
    this.#startAnew();
    return batch;
  }

  /**
   * As `build`, of rows `0…rows` of a batch with further columns: the first `fields` are those of the batch, as they are, and the builder
   * has written the others.
   */
  buildBehind(batch: Batch, fields: number, rows: number): Batch {
    this.commit(rows);
    const { columns } = this.build();
    return {
      length: rows,
      selection: null,
      selected: rows,
      columns: columns.map((own, field) => (own !== null && field < fields ? batch.columns[field] : own)),
      time: batch.time,
      kinds: batch.kinds,
    };
  }

  #startAnew(): void {
    this.#rows = 0;
    if (this.#changelog) this.#kinds = new Uint8Array(this.capacity);
    this.#changelog = false;
    for (const column of this.columns) column?.reset();
  }
}

/** A builder of batches with these fields. */
export function createBatchBuilder(fields: readonly Field[], options: BatchBuilderOptions = {}): BatchBuilder {
  return new BatchBuilder(fields, options);
}
