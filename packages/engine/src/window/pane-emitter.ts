import type { AggregateSet } from "../aggregate/aggregate-set.ts";
import { RowKind } from "../column/batch.ts";
import { type BatchBuilder, createBatchBuilder } from "../column/batch-builder.ts";
import type { ColumnBuilder } from "../column/column-builder.ts";
import type { Collector } from "../dataflow/operator.ts";
import type { PlanStep } from "../plan/logical-plan.ts";
import type { KeyTable } from "../state/key-table.ts";

/**
 * Writes result rows one by one: the key fields, up to two fields that say which window it is, the aggregates. Rows are
 * collected to batches until `flush`.
 */
export class PaneEmitter {
  readonly #keys: KeyTable;
  readonly #keyFields: number;
  readonly #aggregates: AggregateSet;
  readonly #builder: BatchBuilder;
  readonly #lead: readonly (ColumnBuilder | null)[];
  readonly #results: readonly (ColumnBuilder | null)[];
  readonly #key = new Int32Array(1);
  readonly #slot = new Int32Array(1);

  /** `results`: how many fields are aggregates, the last ones. */
  constructor(step: PlanStep, keys: KeyTable, keyFields: number, aggregates: AggregateSet, results: number) {
    this.#keys = keys;
    this.#keyFields = keyFields;
    this.#aggregates = aggregates;
    const live = step.liveFields.out;
    const { fields } = step.outputs.out;
    this.#builder = createBatchBuilder(fields, live === undefined ? {} : { live });
    this.#lead = this.#builder.columns.slice(keyFields, fields.length - results);
    this.#results = this.#builder.columns.slice(fields.length - results);
  }

  /** Adds a row with what a slot holds. `first` and `second` are the fields that say which window it is, where there are any. */
  add(key: number, slot: number, first: number, second: number, timeMs: number, kind: number, out: Collector): void {
    this.#write(this.#builder.rows, key, slot, first, second, timeMs, kind);
    this.#builder.commit(1);
    if (this.#builder.free === 0) this.flush(out);
  }

  /** Writes what a slot holds before it changes; `after` or `gone` follows. */
  before(key: number, slot: number, first: number, second: number, timeMs: number, out: Collector): void {
    if (this.#builder.free < 2) this.flush(out);
    this.#write(this.#builder.rows, key, slot, first, second, timeMs, RowKind.updateBefore);
  }

  /** Takes what `before` wrote back, and says what a slot holds now; nothing when all aggregates are the same. */
  after(key: number, slot: number, first: number, second: number, timeMs: number, out: Collector): void {
    const row = this.#builder.rows;
    this.#builder.time[row] = timeMs;
    this.#write(row + 1, key, slot, first, second, timeMs, RowKind.updateAfter);
    if (this.#results.every((column) => column === null || column.sameRows(row, row + 1))) return;
    this.#builder.commit(2);
    if (this.#builder.free === 0) this.flush(out);
  }

  /** Takes what `before` wrote back; nothing replaces it. */
  gone(timeMs: number, out: Collector): void {
    const row = this.#builder.rows;
    this.#builder.time[row] = timeMs;
    this.#builder.setKind(row, RowKind.delete);
    this.#builder.commit(1);
    if (this.#builder.free === 0) this.flush(out);
  }

  /** Emits what has been collected. */
  flush(out: Collector): void {
    if (this.#builder.rows > 0) out.emit(0, this.#builder.build());
  }

  #write(row: number, key: number, slot: number, first: number, second: number, timeMs: number, kind: number): void {
    const { columns, time } = this.#builder;
    this.#key[0] = key;
    this.#slot[0] = slot;
    for (let field = 0; field < this.#keyFields; field++) {
      const column = columns[field];
      if (column !== null) this.#keys.write(field, this.#key, 0, 1, column, row);
    }
    if (this.#lead.length > 0) this.#lead[0]?.set(row, first);
    if (this.#lead.length > 1) this.#lead[1]?.set(row, second);
    time[row] = timeMs;
    this.#builder.setKind(row, kind);
    this.#aggregates.write(this.#slot, this.#slot, 0, 1, this.#results, row);
  }
}
