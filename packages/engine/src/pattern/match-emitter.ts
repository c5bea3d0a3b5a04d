import { maxBatchRows } from "../column/batch.ts";
import { type BatchBuilder, createBatchBuilder } from "../column/batch-builder.ts";
import { type ColumnBuilder, createColumnBuilder, NumberColumnBuilder } from "../column/column-builder.ts";
import type { Collector } from "../dataflow/operator.ts";
import { compileKernel } from "../expression/compile-kernel.ts";
import type { Kernel } from "../expression/kernel.ts";
import type { TypedExpression } from "../expression/typed-expression.ts";
import type { KeyField, KeyTable } from "../state/key-table.ts";
import { fieldsOf, overRows, type PatternLayout } from "./pattern-layout.ts";
import type { StageValues } from "./stage-values.ts";
import type { TakenEvents } from "./taken-events.ts";

/** Writes the rows of matches to one port: the key fields, `match_start`, `match_end`, the measures. */
export class MatchEmitter {
  readonly #port: number;
  readonly #keys: KeyTable;
  readonly #taken: TakenEvents;
  readonly #stageValues: StageValues;
  readonly #live: readonly boolean[] | undefined;
  /** null where nothing is read. */
  readonly #keyColumns: readonly (ColumnBuilder | null)[];
  readonly #start = new NumberColumnBuilder(maxBatchRows);
  readonly #end = new NumberColumnBuilder(maxBatchRows);
  /** What the measures are computed of. */
  readonly #rows: BatchBuilder;
  readonly #keptFields: number;
  /** Fields of those rows that measures read. */
  readonly #read: readonly number[];
  readonly #measures: readonly Kernel[];
  readonly #key = new Int32Array(1);

  constructor(
    port: number,
    keys: KeyTable,
    keyFields: readonly KeyField[],
    measures: readonly TypedExpression[],
    layout: PatternLayout,
    live: readonly boolean[] | undefined,
    stageValues: StageValues,
    taken: TakenEvents,
  ) {
    this.#port = port;
    this.#keys = keys;
    this.#taken = taken;
    this.#stageValues = stageValues;
    this.#live = live;
    const own = keyFields.length + 2;
    const over = measures.map((measure) => overRows(measure, layout));
    const isRead = new Set(over.flatMap((measure, i) => (live?.[own + i] === false ? [] : fieldsOf(measure))));
    this.#read = [...isRead];
    this.#keptFields = layout.keptFields.length;
    this.#keyColumns = keyFields.map(({ type }, i) => (live?.[i] === false ? null : createColumnBuilder(type, maxBatchRows)));
    this.#rows = createBatchBuilder(layout.rowFields, { live: layout.rowFields.map((_, i) => isRead.has(i)) });
    this.#measures = over.map(compileKernel);
  }

  /** Adds a match by the last of what it has taken. `timeMs` is the event time of its row. */
  add(taken: number, key: number, timeMs: number, out: Collector): void {
    const rows = this.#rows;
    const { rows: row, columns } = rows;
    const { times, events, firsts } = this.#taken;
    this.#key[0] = key;
    for (let i = 0; i < this.#keyColumns.length; i++) {
      const column = this.#keyColumns[i];
      if (column !== null) this.#keys.write(i, this.#key, 0, 1, column, row);
    }
    const event = events[taken];
    this.#start.setNumber(row, times[firsts[taken]]);
    this.#end.setNumber(row, times[event]);
    for (const field of this.#read) {
      const isKept = field < this.#keptFields;
      columns[field]?.set(row, isKept ? this.#taken.columns[field].value(event) : this.#stageValues.value(field - this.#keptFields, taken));
    }
    rows.time[row] = timeMs;
    rows.commit(1);
    if (rows.free === 0) this.flush(out);
  }

  /** Emits what has been collected. */
  flush(out: Collector): void {
    if (this.#rows.rows === 0) return;
    const batch = this.#rows.build();
    const own = [...this.#keyColumns, this.#start, this.#end];
    const isLive = (column: number): boolean => this.#live?.[column] !== false;
    const columns = [
      ...own.map((builder, i) => (isLive(i) ? (builder?.column() ?? null) : null)),
      ...this.#measures.map((measure, i) => (isLive(own.length + i) ? measure(batch) : null)),
    ];
    out.emit(this.#port, { ...batch, columns });
    for (const builder of own) builder?.reset();
  }
}
