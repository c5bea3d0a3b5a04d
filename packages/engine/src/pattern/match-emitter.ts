import { maxBatchRows } from "../column/batch.ts";
import { type BatchBuilder, createBatchBuilder } from "../column/batch-builder.ts";
import { type ColumnBuilder, createColumnBuilder } from "../column/column-builder.ts";
import type { Collector } from "../dataflow/operator.ts";
import { compileKernel } from "../expression/compile-kernel.ts";
import type { Kernel } from "../expression/kernel.ts";
import type { TypedExpression } from "../expression/typed-expression.ts";
import type { KeyField, KeyTable } from "../state/key-table.ts";
import { timestampType } from "../types/field-type.ts";
import { type EventRow, valuesOf } from "./event-row.ts";
import { overRows, type PatternLayout } from "./pattern-layout.ts";
import type { Match } from "./pattern-runs.ts";
import { stageValue } from "./stage-values.ts";

/** Writes the rows of matches to one port: the key fields, `match_start`, `match_end`, the measures. */
export class MatchEmitter {
  readonly #port: number;
  readonly #keys: KeyTable;
  readonly #layout: PatternLayout;
  readonly #live: readonly boolean[] | undefined;
  readonly #keyColumns: readonly ColumnBuilder[];
  readonly #start = createColumnBuilder(timestampType, maxBatchRows);
  readonly #end = createColumnBuilder(timestampType, maxBatchRows);
  /** What the measures are computed of. */
  readonly #rows: BatchBuilder;
  readonly #measures: readonly Kernel[];
  readonly #key = new Int32Array(1);
  /** A row of which nothing is read; null where something is. */
  readonly #unread: readonly null[] | null;

  constructor(
    port: number,
    keys: KeyTable,
    keyFields: readonly KeyField[],
    measures: readonly TypedExpression[],
    layout: PatternLayout,
    live: readonly boolean[] | undefined,
  ) {
    this.#port = port;
    this.#keys = keys;
    this.#layout = layout;
    this.#live = live;
    this.#unread = live === undefined || live.some(Boolean) ? null : layout.rowFields.map(() => null);
    this.#keyColumns = keyFields.map((field) => createColumnBuilder(field.type, maxBatchRows));
    this.#rows = createBatchBuilder(layout.rowFields);
    this.#measures = measures.map((measure) => compileKernel(overRows(measure, layout)));
  }

  /** Adds a match, all of whose events have been read. `timeMs` is the event time of its row. */
  add(match: Match<EventRow>, key: number, timeMs: number, out: Collector): void {
    if (this.#unread === null) this.#rows.appendRow(this.#valuesOf(match, key), timeMs);
    else this.#rows.appendRow(this.#unread, timeMs);
    if (this.#rows.free === 0) this.flush(out);
  }

  /** What the measures of a match are computed of; puts what is not computed into its columns. */
  #valuesOf({ first, taken }: Match<EventRow>, key: number): readonly unknown[] {
    const row = this.#rows.rows;
    this.#key[0] = key;
    this.#keyColumns.forEach((column, field) => {
      this.#keys.write(field, this.#key, 0, 1, column, row);
    });
    this.#start.set(row, first.time);
    this.#end.set(row, taken.event.time);
    return [...valuesOf(taken.event), ...this.#layout.aggregates.map((aggregate, i) => stageValue(aggregate, i, taken))];
  }

  /** Emits what has been collected. */
  flush(out: Collector): void {
    if (this.#rows.rows === 0) return;
    const batch = this.#rows.build();
    const own = [...this.#keyColumns, this.#start, this.#end];
    const isLive = (column: number): boolean => this.#live?.[column] !== false;
    const columns = [
      ...own.map((builder, i) => (isLive(i) ? builder.column() : null)),
      ...this.#measures.map((measure, i) => (isLive(own.length + i) ? measure(batch) : null)),
    ];
    out.emit(this.#port, { ...batch, columns });
    for (const builder of own) builder.reset();
  }
}
