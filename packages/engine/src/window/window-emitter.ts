import type { AggregateSet } from "../aggregate/aggregate-set.ts";
import { RowKind } from "../column/batch.ts";
import { type BatchBuilder, createBatchBuilder } from "../column/batch-builder.ts";
import type { ColumnBuilder } from "../column/column-builder.ts";
import type { Collector } from "../dataflow/operator.ts";
import type { PlanStep } from "../plan/logical-plan.ts";
import type { KeyTable } from "../state/key-table.ts";
import type { TimeWindow } from "./window-assigner.ts";

/** The rows of one window that are written together. `…Slots[i]` belong to `keys[i]`. */
export interface WindowRows {
  readonly keys: Int32Array;
  /** Slots with the results of aggregates that can be subtracted. */
  readonly subtractable: Int32Array;
  /** Slots with the results of all others. */
  readonly mergeable: Int32Array;
}

/**
 * Writes result rows: the key fields, `window_start`, `window_end`, the aggregates; event time
 * `window_end - 1`. Rows are collected to batches until `flush`.
 */
export class WindowEmitter {
  readonly #keys: KeyTable;
  readonly #keyFields: number;
  readonly #aggregates: AggregateSet;
  readonly #builder: BatchBuilder;
  readonly #results: readonly (ColumnBuilder | null)[];

  constructor(step: PlanStep, keys: KeyTable, keyFields: number, aggregates: AggregateSet) {
    this.#keys = keys;
    this.#keyFields = keyFields;
    this.#aggregates = aggregates;
    const live = step.liveFields.out;
    this.#builder = createBatchBuilder(step.outputs.out.fields, live === undefined ? {} : { live });
    this.#results = this.#builder.columns.slice(keyFields + 2);
  }

  /** Rows that fit into the batch in the making; at least one. */
  get free(): number {
    return this.#builder.free;
  }

  /** Adds rows `from…to` of a window, all of one `RowKind`; no more than are free. */
  add(window: TimeWindow, rows: WindowRows, from: number, to: number, kind: number, out: Collector): void {
    this.#write(window, rows, from, to, this.#builder.rows, kind);
    this.#builder.commit(to - from);
    if (this.#builder.free === 0) this.flush(out);
  }

  /** Adds a pair of rows that takes `before` back and says `after`; nothing when all aggregates are the same. */
  retract(window: TimeWindow, before: WindowRows, after: WindowRows, out: Collector): void {
    if (this.#builder.free < 2) this.flush(out);
    const row = this.#builder.rows;
    this.#write(window, before, 0, 1, row, RowKind.updateBefore);
    this.#write(window, after, 0, 1, row + 1, RowKind.updateAfter);
    if (this.#results.every((column) => column === null || column.sameRows(row, row + 1))) return;
    this.#builder.commit(2);
    if (this.#builder.free === 0) this.flush(out);
  }

  /** Emits what has been collected. */
  flush(out: Collector): void {
    if (this.#builder.rows > 0) out.emit(0, this.#builder.build());
  }

  #write(window: TimeWindow, rows: WindowRows, from: number, to: number, row: number, kind: number): void {
    const { columns, time } = this.#builder;
    for (let field = 0; field < this.#keyFields; field++) {
      const column = columns[field];
      if (column !== null) this.#keys.write(field, rows.keys, from, to, column, row);
    }
    const start = columns[this.#keyFields];
    const end = columns[this.#keyFields + 1];
    for (let i = row; i < row + to - from; i++) {
      start?.set(i, window.startMs);
      end?.set(i, window.endMs);
      time[i] = window.endMs - 1;
      this.#builder.setKind(i, kind);
    }
    this.#aggregates.write(rows.subtractable, rows.mergeable, from, to, this.#results, row);
  }
}
